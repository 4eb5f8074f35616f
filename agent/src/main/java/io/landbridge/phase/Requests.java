package io.landbridge.phase;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What operators and signals have asked for and the controller has not done yet. Others post, the
 * controller's thread takes. Thread-safe.
 */
final class Requests {

    /** What an operator can ask for that changes the step. */
    enum Request {
        VALIDATE,
        REPAIR,
        REWIND,
        REHEARSE,
        CUT_OVER,
        ROLL_BACK,
        FINISH,
        ABORT;

        /** True when the step under way is broken off for it. */
        boolean interruptsStep() {
            return this == ROLL_BACK || this == ABORT;
        }
    }

    private final Semaphore bell = new Semaphore(0);
    private Request pending;
    private ComparisonOrder order = ComparisonOrder.USUAL;
    private Instant rewindTo = Instant.EPOCH;
    private boolean stopped;
    private boolean paused;
    private boolean resumed;
    private Runnable breakOff = () -> {};

    /** Asks for {@code request}; it takes the place of one that nobody has taken yet. */
    void post(Request request) {
        Runnable toRun = () -> {};
        synchronized (this) {
            pending = request;
            if (request.interruptsStep()) {
                toRun = breakOff;
            }
            bell.release();
        }
        toRun.run();
    }

    /** As the other, with what is to be compared or repaired. */
    synchronized void post(Request request, ComparisonOrder wanted) {
        order = wanted;
        post(request);
    }

    /** Asks for a rollback of the target to {@code moment}. */
    synchronized void postRewind(Instant moment) {
        rewindTo = moment;
        post(Request.REWIND);
    }

    /** The moment that the last {@link Request#REWIND} meant. */
    synchronized Instant rewindTo() {
        return rewindTo;
    }

    /** What was last ordered to be compared or repaired. */
    synchronized ComparisonOrder order() {
        return order;
    }

    /** Ends a wait, for something that is no request. */
    void wake() {
        bell.release();
    }

    void stop() {
        Runnable toRun;
        synchronized (this) {
            stopped = true;
            toRun = breakOff;
            bell.release();
        }
        toRun.run();
    }

    synchronized void pause(boolean now) {
        paused = now;
        resumed = resumed || !now;
        bell.release();
    }

    /** Takes note of an operator's {@code resume} since the last call: a failure is tried again. */
    synchronized boolean takeResume() {
        boolean asked = resumed;
        resumed = false;
        return asked;
    }

    synchronized Optional<Request> take() {
        Optional<Request> taken = Optional.ofNullable(pending);
        pending = null;
        return taken;
    }

    synchronized Optional<Request> peek() {
        return Optional.ofNullable(pending);
    }

    synchronized boolean isStopped() {
        return stopped;
    }

    synchronized boolean isPaused() {
        return paused;
    }

    /** True when the step under way should end at its next safe point. */
    synchronized boolean wantsBreakOff() {
        return stopped || (pending != null && pending.interruptsStep());
    }

    /**
     * Runs {@code work} so that a stop or a rollback can end it: {@code how} is called from the
     * asking thread, at once when it was asked already.
     */
    <E extends Exception> void breakable(Runnable how, Blocking<E> work)
            throws E, InterruptedException {
        boolean already;
        synchronized (this) {
            breakOff = how;
            already = wantsBreakOff();
        }
        try {
            if (already) {
                how.run();
            }
            work.run();
        } finally {
            synchronized (this) {
                breakOff = () -> {};
            }
        }
    }

    /** Waits at most {@code millis} for anything to be asked. */
    void await(long millis) throws InterruptedException {
        if (bell.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            bell.drainPermits();
        }
    }

    /** Work that blocks. */
    @FunctionalInterface
    interface Blocking<E extends Exception> {
        void run() throws E, InterruptedException;
    }
}
