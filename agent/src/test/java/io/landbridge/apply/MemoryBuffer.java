package io.landbridge.apply;

import io.landbridge.buffer.BufferStatus;
import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.buffer.EventReader;
import io.landbridge.change.SourceEvent;
import io.landbridge.offsets.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A buffer in memory, for tests of what reads it. */
final class MemoryBuffer implements ChangeBuffer {

    private final List<SourceEvent> events = new ArrayList<>();
    private SourcePosition last;

    private record Place(int index) implements EventReader.Mark {}

    @Override
    public synchronized void append(SourceEvent event) {
        events.add(event);
        if (event instanceof SourceEvent.Commit commit) {
            last = commit.position();
        }
    }

    @Override
    public void flush() {}

    @Override
    public Optional<SourcePosition> force() {
        return last();
    }

    @Override
    public synchronized Optional<SourcePosition> last() {
        return Optional.ofNullable(last);
    }

    private synchronized SourceEvent get(int index) {
        return index < events.size() ? events.get(index) : null;
    }

    @Override
    public synchronized EventReader readAfter(SourcePosition applied) {
        int start = 0;
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i) instanceof SourceEvent.Commit commit
                    && applied.covers(commit.position())) {
                start = i + 1;
            }
        }
        return new Reader(start);
    }

    private final class Reader implements EventReader {

        private int index;

        Reader(int index) {
            this.index = index;
        }

        @Override
        public SourceEvent poll() {
            SourceEvent event = get(index);
            if (event != null) {
                index++;
            }
            return event;
        }

        @Override
        public Mark mark() {
            return new Place(index);
        }

        @Override
        public void rewind(Mark mark) {
            index = ((Place) mark).index();
        }

        @Override
        public void close() {}
    }

    @Override
    public void trimTo(SourcePosition applied) {}

    @Override
    public synchronized BufferStatus status() {
        return new BufferStatus(events.size(), 0, 0, false);
    }

    @Override
    public void close() {}
}
