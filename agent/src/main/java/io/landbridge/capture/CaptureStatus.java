package io.landbridge.capture;

import io.landbridge.fault.Fault;
import io.landbridge.offsets.SourcePosition;
import java.time.Instant;
import java.util.Optional;

/**
 * The capture at one moment. Counters run since {@link Capture#start}.
 *
 * @param state what it is doing
 * @param captured the end of the last transaction received; it moves with heartbeats, too
 * @param acknowledged what the source was last told that it may forget
 * @param committedAt when {@code captured} was committed, by the source's clock
 * @param transactions transactions put into the buffer
 * @param changes changes put into the buffer, those of transactions that came again after a restart
 *     counted again
 * @param bytes bytes of the source's stream
 * @param restarts how often the stream was started again after it had broken
 * @param connector what reads the log, when it does not run in this process
 * @param fault why it is {@code RECOVERING} or {@code FAILED}
 */
public record CaptureStatus(
        State state,
        Optional<SourcePosition> captured,
        Optional<SourcePosition> acknowledged,
        Optional<Instant> committedAt,
        long transactions,
        long changes,
        long bytes,
        long restarts,
        Optional<ConnectorStatus> connector,
        Optional<Fault> fault) {

    /** What a capture can be doing. */
    public enum State {
        /** Not started yet, or closed. */
        STOPPED,
        /** Connecting; nothing has come through yet. */
        STARTING,
        /** Something came through since the last start: a transaction, or our heartbeat. */
        STREAMING,
        /** The stream broke and will be started again. */
        RECOVERING,
        /** Ended by a fault that somebody has to deal with. */
        FAILED
    }
}
