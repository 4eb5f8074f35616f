package io.landbridge.capture;

import io.landbridge.fault.Fault;
import java.time.Duration;

/**
 * One reading of a source's log, from a checked place in it to the loss of a connection or to
 * {@link #close}. {@link #run} blocks its thread; what is read is handed over on another.
 */
public interface LogSession {

    /**
     * Streams until the session ends.
     *
     * @return why it ended; null when it was closed
     */
    Throwable run();

    /** How long nothing has come; none while something is being received. */
    Duration silence();

    /** Ends the session from another thread; {@link #run} returns {@code why}. */
    void breakOff(Fault why);

    /** Says that {@link #run} will not be called, so that {@link #close} does not wait for it. */
    void skip();

    /** Ends the session from another thread; {@link #run} is about to return then. */
    void close();
}
