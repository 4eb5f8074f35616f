package io.landbridge.capture;

import io.landbridge.buffer.BufferStatus;
import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.buffer.EventReader;
import io.landbridge.change.Change;
import io.landbridge.change.SourceEvent;
import io.landbridge.offsets.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A buffer in memory, for tests of what goes into it. {@link #hold} makes it full, {@link #forget}
 * makes it count events instead of keeping them. As a buffer that is opened again after a crash, it
 * ends by itself a transaction that somebody left open.
 */
public final class MemoryBuffer implements ChangeBuffer {

    private final List<SourceEvent> events = new ArrayList<>();
    private final AtomicLong count = new AtomicLong();
    private boolean held;
    private boolean forgets;
    private boolean open;
    private SourcePosition last;
    private SourcePosition forced;

    @Override
    public synchronized void append(SourceEvent event) throws InterruptedException {
        while (held) {
            wait();
        }
        count.incrementAndGet();
        if (!forgets) {
            if (open && event instanceof SourceEvent.Begin) {
                events.add(new SourceEvent.Abandoned());
            }
            events.add(event);
        }
        if (event instanceof SourceEvent.Begin) {
            open = true;
        } else if (event instanceof SourceEvent.Commit || event instanceof SourceEvent.Abandoned) {
            open = false;
        }
        if (event instanceof SourceEvent.Commit commit) {
            last = commit.position();
        }
        notifyAll();
    }

    synchronized void hold(boolean now) {
        held = now;
        notifyAll();
    }

    synchronized void forget() {
        forgets = true;
    }

    /** Appended so far. */
    long count() {
        return count.get();
    }

    public synchronized List<SourceEvent> events() {
        return List.copyOf(events);
    }

    /** Only the row changes. */
    public synchronized List<Change> changes() {
        return events.stream().filter(Change.class::isInstance).map(Change.class::cast).toList();
    }

    @Override
    public void flush() {}

    @Override
    public synchronized Optional<SourcePosition> force() {
        forced = last;
        return Optional.ofNullable(forced);
    }

    synchronized Optional<SourcePosition> forced() {
        return Optional.ofNullable(forced);
    }

    @Override
    public synchronized Optional<SourcePosition> last() {
        return Optional.ofNullable(last);
    }

    @Override
    public EventReader readAfter(SourcePosition applied) {
        throw new UnsupportedOperationException("tests read events()");
    }

    @Override
    public void trimTo(SourcePosition applied) {}

    @Override
    public BufferStatus status() {
        return new BufferStatus(count(), 0, Long.MAX_VALUE, held);
    }

    @Override
    public void close() {}
}
