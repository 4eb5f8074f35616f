package io.landbridge;

import io.landbridge.config.Configuration;
import io.landbridge.fault.Fault;
import io.landbridge.phase.MigrationControl;
import io.landbridge.phase.Until;
import java.nio.file.Path;

/** A migration in this process. */
public final class Migration implements AutoCloseable {

    private final Engine engine;

    Migration(Engine engine) {
        this.engine = engine;
    }

    /** Configured by values alone: {@link MigrationBuilder#set} and the environment. */
    public static MigrationBuilder configure() {
        return new MigrationBuilder(new Wiring());
    }

    /** Configured by a file. */
    public static MigrationBuilder from(Path file) {
        return configure().file(file);
    }

    /** Opens what was configured already. */
    public static Migration open(Configuration configuration) {
        return configure().configuration(configuration).open();
    }

    /** What can be asked for without waiting for it; from any thread. */
    public MigrationControl control() {
        return engine.control();
    }

    /**
     * Carries the migration on, from wherever the target's state says it stands, until {@code
     * goal}, on the thread that calls.
     *
     * @return true when the goal is reached; false when {@link #stop} ended it before
     * @throws Fault when it can't go on; everything is left resumable
     */
    public boolean runUntil(Until goal) throws InterruptedException {
        return engine.runUntil(goal);
    }

    /**
     * Asks the migration to end at the next boundary, within a few seconds. Returns at once; may be
     * called from any thread, more than once, and before it is started.
     */
    public void stop() {
        engine.stop();
    }

    /**
     * Takes over what can be changed while it runs: {@code transport.mode}, and how what it names
     * is reached. From any thread.
     *
     * @throws Fault CONFIG_INVALID when it names what this version can't do
     */
    public void reconfigure(Configuration now) {
        engine.reconfigure(now);
    }

    /** Says that the configuration has changed and can't be taken over. From any thread. */
    public void refuseConfiguration(Fault why) {
        engine.refuseConfiguration(why);
    }

    /** Lets go of everything in reverse order of opening. Objects on source and target stay. */
    @Override
    public void close() {
        engine.close();
    }
}
