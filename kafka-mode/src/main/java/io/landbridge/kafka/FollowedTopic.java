package io.landbridge.kafka;

import io.landbridge.buffer.Changes;
import io.landbridge.buffer.EventReader;
import io.landbridge.buffer.ExcerptReader;
import io.landbridge.buffer.Written;
import io.landbridge.fault.Closing;
import io.landbridge.kafka.LogIndex.Entry;
import io.landbridge.offsets.SourcePosition;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** A topic that another agent writes to, and deletes from. Thread-safe. */
final class FollowedTopic implements Changes {

    /** Only what a search has found is remembered: others delete what they please. */
    private static final long NOTHING_BY_ITSELF = Long.MAX_VALUE / 2;

    /** Records back from the end that are looked at first. */
    private static final long NEAR = 64;

    private final Clients clients;
    private final TopicPartition partition;
    private volatile OptionalLong lag = OptionalLong.empty();

    FollowedTopic(Clients clients, String topic) {
        this.clients = clients;
        this.partition = new TopicPartition(topic, 0);
    }

    /** Records that the newest reader has not read yet. */
    OptionalLong lag() {
        return lag;
    }

    private void read(long left) {
        lag = OptionalLong.of(left);
    }

    @Override
    public EventReader readAfter(SourcePosition applied) {
        LogIndex index = new LogIndex(NOTHING_BY_ITSELF);
        TopicReader source =
                TopicReader.following(
                        clients.consumer(), partition, index, new Written(), this::read);
        try {
            ConsumerRecord<byte[], byte[]> last = source.last();
            long end = last == null ? 0 : StoredExcerpt.sequence(last);
            ExcerptReader reader = new ExcerptReader(source, applied, end + 1, this::closed);
            if (last == null) {
                reader.goBefore(1);
            } else {
                place(reader, source, applied, end);
            }
            return reader;
        } catch (RuntimeException e) {
            lag = OptionalLong.empty();
            Closing.after(e, source);
            throw e;
        }
    }

    private void closed(ExcerptReader reader) {
        lag = OptionalLong.empty();
    }

    /**
     * Looks from the topic's end backwards: what is read is near it, and its begin is being
     * deleted. A transaction that is open there must be read from where it began.
     */
    private static void place(
            ExcerptReader reader, TopicReader source, SourcePosition applied, long end) {
        long oldest = source.begin();
        long beyond = source.end();
        Entry from = null;
        for (long back = NEAR; ; back *= 8) {
            long offset = Math.max(oldest, beyond - back);
            Entry found = source.probe(offset);
            if (from == null && found != null && found.isReachedBy(applied)) {
                from = found;
            }
            if (from != null
                    && (offset == oldest
                            || from.openSince() == 0
                            || found.sequence() <= from.openSince())) {
                reader.goAfter(applied, from.sequence(), found.sequence(), end);
                return;
            }
            if (offset == oldest) {
                throw source.gap("does not hold what follows " + applied.text() + " any more")
                        .at(applied);
            }
        }
    }
}
