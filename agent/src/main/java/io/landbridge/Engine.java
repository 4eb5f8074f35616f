package io.landbridge;

import io.landbridge.config.Configuration;
import io.landbridge.fault.Fault;
import io.landbridge.phase.MigrationControl;
import io.landbridge.phase.Until;

/**
 * What carries a {@link Migration}. One thread runs it; others use {@link #control} and {@link
 * #stop}.
 */
interface Engine extends AutoCloseable {

    MigrationControl control();

    /**
     * Carries the migration on, from wherever the target's state says it stands, until {@code
     * goal}.
     *
     * @return true when the goal is reached; false when {@link #stop} ended it before
     * @throws io.landbridge.fault.Fault when it can't go on; everything is left resumable
     */
    boolean runUntil(Until goal) throws InterruptedException;

    /** Whether it has come as far as ASSESSED, LOADED or CAUGHT_UP; from any thread. */
    boolean isPast(Until goal);

    /**
     * Asks {@link #runUntil} to return at the next boundary, within a few seconds. Returns at once;
     * may be called from any thread, more than once, and before {@link #runUntil}.
     */
    void stop();

    /**
     * Takes over what can be changed while it runs: {@code transport.mode}, and how what it names
     * is reached. From any thread.
     *
     * @throws io.landbridge.fault.Fault CONFIG_INVALID when it names what this version can't do
     */
    void reconfigure(Configuration now);

    /** Says that the configuration has changed and can't be taken over. From any thread. */
    void refuseConfiguration(Fault why);

    /** Lets go of everything in reverse order of opening. Objects on source and target stay. */
    @Override
    void close();
}
