package io.landbridge.capture;

import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.change.Change;
import io.landbridge.change.SourceEvent;
import io.landbridge.offsets.SourcePosition;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Puts a capture's events into its buffer, over all of its sessions, and counts them. Events come
 * from one thread at a time; the figures may be read by any.
 */
public final class Appending {

    private final ChangeBuffer buffer;
    private final LongAdder transactions = new LongAdder();
    private final LongAdder changes = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private volatile SourcePosition captured;
    private volatile Instant committedAt;

    /**
     * Whether the buffer ends inside a transaction that this capture appended. One that a capture
     * before it left open is the buffer's to close.
     */
    private boolean open;

    public Appending(ChangeBuffer buffer) {
        this.buffer = buffer;
    }

    /** To be called before a session's first event: what the one before left open is void. */
    public void begin() throws InterruptedException {
        if (open) {
            buffer.append(new SourceEvent.Abandoned());
            open = false;
        }
    }

    public void received(long count) {
        bytes.add(count);
    }

    public void append(SourceEvent event) throws InterruptedException {
        buffer.append(event);
        if (event instanceof Change) {
            changes.increment();
        } else if (event instanceof SourceEvent.Begin) {
            open = true;
        } else if (event instanceof SourceEvent.Commit) {
            open = false;
            transactions.increment();
        }
    }

    /** A transaction was read to its end, whether it was given out or not. */
    public void transactionEnd(SourcePosition position, Instant at) {
        buffer.flush();
        committedAt = at;
        captured = position;
    }

    public Optional<SourcePosition> captured() {
        return Optional.ofNullable(captured);
    }

    /** What {@code loop}, {@code host}, {@code told} and the counters come to. */
    public CaptureStatus status(CaptureLoop loop, EngineHost host, Optional<SourcePosition> told) {
        return new CaptureStatus(
                loop.state(),
                captured(),
                told,
                Optional.ofNullable(committedAt),
                transactions.sum(),
                changes.sum(),
                bytes.sum(),
                loop.restarts(),
                host.connector(),
                loop.fault());
    }
}
