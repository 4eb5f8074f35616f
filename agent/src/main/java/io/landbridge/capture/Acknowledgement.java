package io.landbridge.capture;

import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.config.TransportConfig.Acknowledge;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Decides what the source may be told that it may forget: what is forced to disk in the buffer, or
 * what is applied at the target.
 *
 * <p>Policy and applied position are set by any thread; {@link #due} belongs to the thread that
 * appends to the buffer.
 */
final class Acknowledgement {

    /**
     * Forcing costs milliseconds, telling a journey through Debezium; the source's log may well
     * wait a moment for it.
     */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final ChangeBuffer buffer;
    private volatile Acknowledge policy;
    private volatile Lsn applied;
    private volatile Lsn told;
    private long askedAt = System.nanoTime() - PAUSE_NANOS;

    Acknowledgement(ChangeBuffer buffer, Acknowledge policy, Lsn applied) {
        this.buffer = buffer;
        this.policy = policy;
        this.applied = applied;
        this.told = Lsn.ZERO;
    }

    void policy(Acknowledge now) {
        policy = now;
    }

    synchronized void applied(SourcePosition position) {
        if (position.isAfter(applied)) {
            applied = (Lsn) position;
        }
    }

    Lsn applied() {
        return applied;
    }

    /** What was handed to Debezium last; the source hears of it within moments. */
    Optional<SourcePosition> told() {
        return told.equals(Lsn.ZERO) ? Optional.empty() : Optional.of(told);
    }

    /** What to tell the source now; empty when there is nothing new to tell, or it can wait. */
    Optional<Lsn> due() {
        long now = System.nanoTime();
        if (now - askedAt < PAUSE_NANOS) {
            return Optional.empty();
        }
        askedAt = now;
        Lsn safe = policy == Acknowledge.APPLIED ? applied : buffered();
        if (!safe.isAfter(told)) {
            return Optional.empty();
        }
        told = safe;
        return Optional.of(safe);
    }

    private Lsn buffered() {
        return buffer.force().map(Lsn.class::cast).orElse(told);
    }
}
