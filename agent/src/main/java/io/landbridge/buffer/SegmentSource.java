package io.landbridge.buffer;

import io.landbridge.change.TableLayout;
import io.landbridge.fault.Fault;

/** Excerpts out of Chronicle's segments, one of which is open at a time. */
final class SegmentSource implements ExcerptSource {

    private final Segments segments;
    private final Layouts layouts;
    private final Written written;
    private SegmentReader segment;

    SegmentSource(Segments segments, Layouts layouts, Written written) {
        this.segments = segments;
        this.layouts = layouts;
        this.written = written;
    }

    @Override
    public boolean read(long sequence, Excerpt into) {
        if (sequence > written.sequence()) {
            return false;
        }
        Segment holder = segments.holding(sequence);
        if (holder == null) {
            throw Gap.missing(segments.directory(), sequence, sequence);
        }
        if (segment == null || segment.first() != holder.first()) {
            close();
            segment = new SegmentReader(holder.directory(), holder.first());
        }
        segment.read(sequence, into);
        return true;
    }

    @Override
    public TableLayout layout(int id) {
        return layouts.byId(id);
    }

    @Override
    public long events() {
        return written.events();
    }

    @Override
    public Fault gap(String what) {
        return Gap.of("the buffer " + segments.directory() + " " + what);
    }

    @Override
    public void close() {
        if (segment != null) {
            segment.close();
            segment = null;
        }
    }
}
