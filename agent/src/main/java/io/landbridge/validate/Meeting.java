package io.landbridge.validate;

import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.digest.FrozenTables;
import io.landbridge.source.PositionedSnapshot;
import java.time.Duration;

/**
 * Both sides, frozen at the same place in the source's log. The applier stands at that place until
 * {@link #release}; closing releases it too.
 */
final class Meeting implements AutoCloseable {

    private final PositionedSnapshot source;
    private final FrozenTables target;
    private final ApplyGate gate;
    private final SourcePosition applied;
    private final long heldNanos;
    private final long heldSince;
    private Duration pause;

    /**
     * @param applied where the applier stands; no transaction lies between it and the snapshot
     * @param heldNanos how long the applier stood still on its way here
     * @param heldSince {@link System#nanoTime} when it came to stand here
     */
    Meeting(
            PositionedSnapshot source,
            FrozenTables target,
            ApplyGate gate,
            SourcePosition applied,
            long heldNanos,
            long heldSince) {
        this.source = source;
        this.target = target;
        this.gate = gate;
        this.applied = applied;
        this.heldNanos = heldNanos;
        this.heldSince = heldSince;
    }

    SourcePosition position() {
        return source.position();
    }

    SourcePosition applied() {
        return applied;
    }

    FrozenTables source() {
        return source.tables();
    }

    FrozenTables target() {
        return target;
    }

    /** Lets the applier go on; the snapshots stay. Returns how long it stood still in all. */
    Duration release() {
        if (pause == null) {
            gate.release();
            pause = Duration.ofNanos(heldNanos + System.nanoTime() - heldSince);
        }
        return pause;
    }

    @Override
    public void close() {
        try (source;
                target) {
            release();
        }
    }
}
