package io.landbridge.apply;

import io.landbridge.buffer.EventReader;
import io.landbridge.change.SourceEvent;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;

/**
 * The buffer's events from a position on, watched for gaps: each transaction must begin where one
 * that came before ended, and end after it. Owned by the dispatch thread.
 */
final class Stream implements AutoCloseable {

    private final EventReader reader;
    private SourcePosition after;

    /**
     * @param reader reads what follows {@code after}
     */
    Stream(EventReader reader, SourcePosition after) {
        this.reader = reader;
        this.after = after;
    }

    /**
     * A place between two transactions.
     *
     * @param mark of the next one's begin
     * @param after where the one before ended
     */
    record Place(EventReader.Mark mark, SourcePosition after) {}

    /** Where the last transaction that was read to its end ends. */
    SourcePosition after() {
        return after;
    }

    /** The place of what {@link #poll} gives next; only between transactions. */
    Place place() {
        return new Place(reader.mark(), after);
    }

    void rewind(Place place) {
        reader.rewind(place.mark());
        after = place.after();
    }

    /**
     * The next event, or null when there is none yet.
     *
     * @throws Fault BUFFER_GAP
     */
    SourceEvent poll() {
        SourceEvent event = reader.poll();
        if (event instanceof SourceEvent.Begin begin && begin.previous().isAfter(after)) {
            throw Fault.of(
                            FaultCode.BUFFER_GAP,
                            "the stream goes on after "
                                    + begin.previous().text()
                                    + ", but is applied only up to "
                                    + after.text())
                    .at(after)
                    .hint(
                            "transactions between the two are missing; start the migration again"
                                    + " with 'landbridge abort' and 'landbridge run'");
        }
        if (event instanceof SourceEvent.Commit commit) {
            if (!commit.position().isAfter(after)) {
                throw Fault.of(
                                FaultCode.INTERNAL,
                                "a transaction that ends at "
                                        + commit.position().text()
                                        + " came after one that ends at "
                                        + after.text())
                        .at(after);
            }
            after = commit.position();
        }
        return event;
    }

    @Override
    public void close() {
        reader.close();
    }
}
