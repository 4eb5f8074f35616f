package io.landbridge.kafka;

import io.landbridge.capture.ConnectorStatus;
import io.landbridge.capture.ConnectorStatus.State;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What was last seen of a connector, over all sessions that it served. Thread-safe; asks nobody.
 */
final class ConnectorNews {

    private State state = State.GONE;
    private long starts;
    private OptionalLong lagRecords = OptionalLong.empty();
    private OptionalLong lagBytes = OptionalLong.empty();

    synchronized ConnectorStatus status() {
        return new ConnectorStatus(state, Math.max(0, starts - 1), lagRecords, lagBytes);
    }

    /** Its task begins, at first or once more. */
    synchronized void started() {
        starts++;
    }

    synchronized void seen(Optional<ConnectRest.Status> status) {
        state = status.map(ConnectRest.Status::worst).orElse(State.GONE);
    }

    /** It could not be looked at. */
    synchronized void unseen(Fault why) {
        if (why.code() == FaultCode.CONNECT_UNREACHABLE) {
            state = State.UNREACHABLE;
        }
    }

    /** What it has written and nobody has read yet. */
    synchronized void waiting(long records, long bytes) {
        lagRecords = OptionalLong.of(records);
        lagBytes = OptionalLong.of(bytes);
    }

    /** How much that is can't be told. */
    synchronized void waitingUnknown() {
        lagRecords = OptionalLong.empty();
        lagBytes = OptionalLong.empty();
    }
}
