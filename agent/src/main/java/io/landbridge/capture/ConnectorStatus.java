package io.landbridge.capture;

import java.util.OptionalLong;

/**
 * Debezium as a connector elsewhere, at one moment; counters run since the capture started.
 *
 * @param restarts how often its task was started again after it had ended by itself
 * @param lagRecords what it has written and the agent has not read; empty before that is known
 * @param lagBytes likewise, about
 */
public record ConnectorStatus(
        State state, long restarts, OptionalLong lagRecords, OptionalLong lagBytes) {

    /** What who runs it says of it, or why nothing is said. */
    public enum State {
        RUNNING,
        PAUSED,
        STOPPED,
        RESTARTING,
        UNASSIGNED,
        FAILED,
        /** There is none. */
        GONE,
        /** Who runs it does not answer. */
        UNREACHABLE
    }
}
