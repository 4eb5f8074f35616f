package io.landbridge.simulation;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Decides when a simulated agent dies: at its n-th step, wherever that is. Every event appended,
 * every flush and force, every message to the target is a step. Shared by the capturing thread and
 * the proxy's threads.
 */
final class Fate {

    /** What happens at the fatal step. */
    enum End {
        /** The agent dies; a message that was the step does not reach the target. */
        DIES_BEFORE,
        /** The agent dies; the target gets the message, the agent no answer. */
        DIES_AFTER,
        /** Connections break without the message; the agent lives. */
        BREAKS_BEFORE,
        /** Connections break after the message, without an answer; the agent lives. */
        BREAKS_AFTER;

        boolean reachesTarget() {
            return this == DIES_AFTER || this == BREAKS_AFTER;
        }

        boolean isDeath() {
            return this == DIES_BEFORE || this == DIES_AFTER;
        }
    }

    /** Ends the capturing thread's work at the fatal step. */
    static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;

        Died() {
            super("the simulated agent died");
        }
    }

    private final Random random;
    private final boolean mayDie;
    private long stepsLeft;
    private End end;
    private boolean dead;

    /**
     * @param mayDie false for the last agent, which gets everything through
     * @param steps most steps until something happens
     */
    Fate(Random random, boolean mayDie, int steps) {
        this.random = random;
        this.mayDie = mayDie;
        draw(steps);
    }

    /** What breaks again and again gets nowhere, so the first break is the last. */
    private void draw(int steps) {
        stepsLeft = mayDie ? 1 + random.nextInt(steps) : Long.MAX_VALUE;
        End drawn = End.values()[random.nextInt(End.values().length)];
        end = end == null || drawn.isDeath() ? drawn : End.DIES_AFTER;
    }

    synchronized boolean isDead() {
        return dead;
    }

    /** A step of the capturing thread. */
    synchronized void step() {
        if (!dead && --stepsLeft <= 0) {
            dead = true;
        }
        if (dead) {
            throw new Died();
        }
    }

    /** A message on its way to the target: null when it passes, else what happens with it. */
    synchronized End message() {
        if (dead) {
            return End.DIES_BEFORE;
        }
        if (--stepsLeft > 0) {
            return null;
        }
        End now = end;
        if (now.isDeath()) {
            dead = true;
        } else {
            draw(400);
        }
        return now;
    }

    /** The network's time for the last message: the next agent may be up before it arrives. */
    void awaitDelivery() {
        long millis;
        synchronized (this) {
            millis = random.nextBoolean() ? 0 : random.nextInt(800);
        }
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    synchronized void die() {
        dead = true;
    }
}
