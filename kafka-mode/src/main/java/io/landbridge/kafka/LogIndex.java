package io.landbridge.kafka;

import io.landbridge.buffer.Excerpt;
import io.landbridge.offsets.SourcePosition;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Some of a topic's excerpts and their offsets: where a search begins, and where trimming may cut.
 * Offsets have holes, where transactions of Kafka's ended, so that an excerpt's number does not
 * give its offset. Thread-safe.
 */
final class LogIndex {

    /**
     * One excerpt.
     *
     * @param bytesBefore of all excerpts before it, over the topic's whole life
     * @param lastCommit end of the last complete transaction before it, or null
     * @param openSince excerpt in which the transaction open at its start began, or 0
     */
    record Entry(
            long sequence,
            long offset,
            long bytesBefore,
            SourcePosition lastCommit,
            long openSince) {

        static Entry of(ConsumerRecord<byte[], byte[]> found, Excerpt excerpt) {
            return of(excerpt, found.offset(), StoredExcerpt.bytesBefore(found));
        }

        static Entry of(Excerpt excerpt, long offset, long bytesBefore) {
            return new Entry(
                    excerpt.sequence(),
                    offset,
                    bytesBefore,
                    excerpt.lastCommit(),
                    excerpt.openSince());
        }

        /** Whether nothing before it ends after {@code applied}. */
        boolean isReachedBy(SourcePosition applied) {
            return lastCommit == null || applied.covers(lastCommit);
        }
    }

    private final long step;
    private final ConcurrentSkipListMap<Long, Entry> entries = new ConcurrentSkipListMap<>();

    /**
     * @param step bytes of excerpts between two entries, at least
     */
    LogIndex(long step) {
        this.step = step;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The oldest excerpt that is there; only when not empty. */
    Entry first() {
        return entries.firstEntry().getValue();
    }

    /** Remembers {@code entry}, whatever its distance to others. */
    void add(Entry entry) {
        entries.put(entry.sequence(), entry);
    }

    /** Whether an excerpt at that place is worth an entry. */
    boolean wants(long sequence, long bytesBefore) {
        Map.Entry<Long, Entry> before = entries.floorEntry(sequence);
        return before == null || before.getValue().bytesBefore() + step <= bytesBefore;
    }

    /** The last entry at or before excerpt {@code sequence}, or null. */
    Entry before(long sequence) {
        Map.Entry<Long, Entry> found = entries.floorEntry(sequence);
        return found == null ? null : found.getValue();
    }

    /** The first entry after excerpt {@code sequence}, or null. */
    Entry after(long sequence) {
        Map.Entry<Long, Entry> found = entries.higherEntry(sequence);
        return found == null ? null : found.getValue();
    }

    /** The last entry of those, at the log's begin, for which {@code holds} is true; or null. */
    Entry lastOf(Predicate<Entry> holds) {
        Entry last = null;
        for (Entry entry : entries.values()) {
            if (!holds.test(entry)) {
                break;
            }
            last = entry;
        }
        return last;
    }

    /**
     * Where the log may be cut: nothing before that entry ends after {@code applied}, or is part of
     * a transaction that does.
     *
     * @param neededFrom the excerpt from which on readers read
     */
    Entry cut(SourcePosition applied, long neededFrom) {
        Entry reached =
                lastOf(entry -> entry.sequence() <= neededFrom && entry.isReachedBy(applied));
        if (reached == null || reached.openSince() == 0) {
            return reached;
        }
        boolean openIsApplied =
                reached.lastCommit() != null && applied.isAfter(reached.lastCommit());
        return openIsApplied ? reached : before(reached.openSince());
    }

    void forgetBefore(Entry kept) {
        entries.headMap(kept.sequence(), false).clear();
    }

    /**
     * Whether applying what is there can make room. False when a transaction that is not complete
     * yet began in the oldest part: waiting for room would wait forever.
     *
     * @param openSince the excerpt in which it began, or 0
     */
    boolean canShrink(long openSince) {
        if (entries.isEmpty()) {
            return false;
        }
        Entry second = after(first().sequence());
        return second != null && (openSince == 0 || second.sequence() <= openSince);
    }
}
