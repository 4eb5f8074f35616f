package io.landbridge.cli;

import io.landbridge.ScriptedEngine;
import io.landbridge.config.Configuration;
import io.landbridge.fault.Fault;
import io.landbridge.observe.RecordedControl;
import io.landbridge.observe.Statuses;
import io.landbridge.phase.MigrationControl;
import io.landbridge.phase.Until;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code landbridge migrate} as a process of its own, over a migration that does nothing until it
 * is stopped; with argument {@code stubborn} not even then; with {@code failing} it ends with an
 * Error, with {@code losing-a-thread} another thread does, with {@code exhausting} the heap runs
 * out; with {@code serving} it is {@code landbridge run}. Further arguments are the command's.
 */
final class StopProgram extends ScriptedEngine {

    private final String manner;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private StopProgram(String manner) {
        this.manner = manner;
    }

    public static void main(String[] arguments) {
        Shell shell =
                new Shell(
                        Map.of(
                                "SOURCE_DB_URL", "postgresql://a@b/c",
                                "TARGET_DB_URL", "postgresql://a@d/c"),
                        System.out,
                        System.err,
                        false);
        StopProgram migration = new StopProgram(arguments[0]);
        arguments[0] = arguments[0].equals("serving") ? "run" : "migrate";
        Main.run(shell, migration::builder, arguments);
    }

    private static void fail() {
        throw new StackOverflowError();
    }

    private static void exhaust() {
        List<long[]> held = new ArrayList<>();
        while (held.size() < Integer.MAX_VALUE) {
            held.add(new long[1 << 20]);
        }
    }

    @Override
    public MigrationControl control() {
        return new RecordedControl(Statuses.in("FULL_LOAD").build());
    }

    @Override
    public boolean runUntil(Until goal) throws InterruptedException {
        System.out.println("running");
        // As the agent's own: what lives on although its migration is gone.
        new Thread(() -> LockSupport.park(this), "bystander").start();
        if (manner.equals("failing")) {
            throw new NoClassDefFoundError("a/class/that/is/gone");
        }
        if (manner.equals("losing-a-thread")) {
            new Thread(StopProgram::fail, "worker").start();
        }
        if (manner.equals("exhausting")) {
            new Thread(StopProgram::exhaust, "worker").start();
        }
        stopped.await();
        return false;
    }

    @Override
    public void stop() {
        System.out.println("asked to stop");
        if (!manner.equals("stubborn")) {
            stopped.countDown();
        }
    }

    @Override
    public void reconfigure(Configuration now) {
        System.out.println("reconfigured: " + now.transport().mode());
    }

    @Override
    public void refuseConfiguration(Fault why) {
        System.out.println("refused: " + why.code());
    }

    @Override
    public void close() {
        System.out.println("closed");
    }
}
