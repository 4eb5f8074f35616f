package io.landbridge.capture;

import io.landbridge.config.TransportConfig.Acknowledge;
import io.landbridge.offsets.SourcePosition;

/**
 * Follows the source's log into the buffer, on threads of its own, until it is closed or meets a
 * fault that doesn't pass by itself. Thread-safe.
 */
public interface Capture extends AutoCloseable {

    /** Starts; returns at once. {@link #status} tells how it goes. */
    void start();

    CaptureStatus status();

    /** Says that everything up to {@code applied} is applied at the target, for good. */
    void acknowledge(SourcePosition applied);

    /** Changes what the source is told from now on; AUTO counts as BUFFERED. */
    void setAcknowledge(Acknowledge policy);

    /**
     * Stops within seconds, even inside a transaction: what is in the buffer of it is void, and the
     * next start receives it again.
     */
    @Override
    void close();
}
