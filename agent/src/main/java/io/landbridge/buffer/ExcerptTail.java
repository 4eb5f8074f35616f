package io.landbridge.buffer;

import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableLayout;
import io.landbridge.offsets.SourcePosition;
import java.util.function.IntFunction;

/**
 * Where appending goes on.
 *
 * @param last sequence of the last whole excerpt; 0 before the first
 * @param events appended up to it
 * @param lastCommit end of the last complete transaction, or null
 * @param openSince excerpt in which the incomplete transaction at the end began, or 0
 */
public record ExcerptTail(long last, long events, SourcePosition lastCommit, long openSince) {

    /** Behind excerpt {@code last}, of which nothing is left. */
    public static ExcerptTail empty(long last) {
        return new ExcerptTail(last, 0, null, 0);
    }

    /**
     * Behind {@code excerpt}, whose last event is whole.
     *
     * @param layouts of its changes
     */
    public static ExcerptTail after(Excerpt excerpt, IntFunction<TableLayout> layouts) {
        long last = excerpt.sequence();
        if (excerpt.continues()) {
            return new ExcerptTail(
                    last, excerpt.eventsBefore() + 1, excerpt.lastCommit(), excerpt.openSince());
        }
        EventDecoder decoder =
                new EventDecoder(
                        layouts,
                        () -> {
                            throw Gap.of("excerpt " + last + " ends inside an event");
                        });
        decoder.over(excerpt.bytes(), excerpt.payload(), excerpt.length());
        long events = excerpt.eventsBefore();
        SourcePosition lastCommit = excerpt.lastCommit();
        long openSince = excerpt.openSince();
        while (decoder.hasMore()) {
            SourceEvent event = decoder.decode();
            events++;
            if (event instanceof SourceEvent.Begin) {
                openSince = last;
            } else if (event instanceof SourceEvent.Commit commit) {
                openSince = 0;
                lastCommit = commit.position();
            } else if (event instanceof SourceEvent.Abandoned) {
                openSince = 0;
            }
        }
        return new ExcerptTail(last, events, lastCommit, openSince);
    }
}
