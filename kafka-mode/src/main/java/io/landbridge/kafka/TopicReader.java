package io.landbridge.kafka;

import io.landbridge.buffer.Excerpt;
import io.landbridge.buffer.ExcerptSource;
import io.landbridge.buffer.LayoutBytes;
import io.landbridge.buffer.Written;
import io.landbridge.change.TableLayout;
import io.landbridge.fault.Fault;
import io.landbridge.kafka.LogIndex.Entry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * A topic's excerpts by their number, with a consumer of its own. Asks Kafka only for what is known
 * to be there.
 */
final class TopicReader implements ExcerptSource {

    /** A reader that finds nothing by then comes back later. */
    private static final Duration SHORT = Duration.ofMillis(200);

    /** What must be there for an event to be whole, or for a search to go on. */
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Records that are read one after the other rather than searched. */
    private static final int NEAR = 64;

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final LogIndex index;
    private final Written written;

    /** Whether the excerpt of that number may be there. */
    private final LongPredicate present;

    /** Told how many records are not read yet, whenever Kafka has answered. */
    private final LongConsumer lag;

    private Iterator<ConsumerRecord<byte[], byte[]>> fetched =
            List.<ConsumerRecord<byte[], byte[]>>of().iterator();

    /** The number that the next record has, or one after it; 0 when the consumer is elsewhere. */
    private long expected;

    private byte[] encodedLayouts;
    private List<TableLayout> layouts = List.of();

    TopicReader(
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            LogIndex index,
            Written written) {
        this(
                consumer,
                partition,
                index,
                written,
                sequence -> sequence <= written.sequence(),
                records -> {});
    }

    /** Of a topic that another agent writes to: whether an excerpt is there, Kafka must tell. */
    static TopicReader following(
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            LogIndex index,
            Written written,
            LongConsumer lag) {
        return new TopicReader(consumer, partition, index, written, sequence -> true, lag);
    }

    private TopicReader(
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            LogIndex index,
            Written written,
            LongPredicate present,
            LongConsumer lag) {
        this.present = present;
        this.lag = lag;
        this.consumer = consumer;
        this.partition = partition;
        this.index = index;
        this.written = written;
        consumer.assign(List.of(partition));
    }

    @Override
    public boolean read(long sequence, Excerpt into) {
        return present.test(sequence) && read(sequence, into, SHORT);
    }

    @Override
    public void readPresent(long sequence, Excerpt into) {
        if (!present.test(sequence)) {
            throw gap("lacks excerpt " + sequence);
        }
        if (!read(sequence, into, LONG)) {
            throw silent();
        }
    }

    private Fault silent() {
        return KafkaFaults.unreachable(
                "topic " + partition.topic() + " gave nothing for " + LONG.toSeconds() + " s",
                null);
    }

    private boolean read(long sequence, Excerpt into, Duration patience) {
        if (sequence != expected) {
            goTo(sequence);
        }
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            ConsumerRecord<byte[], byte[]> found = next(deadline);
            if (found == null) {
                return false;
            }
            long number = StoredExcerpt.sequence(found);
            if (number > sequence) {
                throw gap("lacks excerpt " + sequence + ", goes on with " + number);
            }
            if (number == sequence) {
                take(found, into);
                return true;
            }
        }
    }

    /** Takes {@code found} as the excerpt that was read last. */
    void take(ConsumerRecord<byte[], byte[]> found, Excerpt into) {
        StoredExcerpt.read(found, into);
        expected = into.sequence() + 1;
        byte[] encoded = StoredExcerpt.layouts(found);
        if (encoded != null && !Arrays.equals(encoded, encodedLayouts)) {
            layouts = LayoutBytes.read(encoded);
            encodedLayouts = encoded;
        }
        if (index.wants(into.sequence(), StoredExcerpt.bytesBefore(found))) {
            index.add(Entry.of(found, into));
        }
    }

    /** The next record; null when none came by the deadline. */
    private ConsumerRecord<byte[], byte[]> next(long deadline) {
        while (!fetched.hasNext()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return null;
            }
            try {
                var records = consumer.poll(Duration.ofNanos(left));
                fetched = records.iterator();
                consumer.currentLag(partition)
                        .ifPresent(behind -> lag.accept(behind + records.count()));
            } catch (InvalidOffsetException e) {
                throw gap("does not hold any more what was to be read");
            } catch (InterruptException e) {
                return null;
            } catch (KafkaException e) {
                throw KafkaFaults.of("can't read topic " + partition.topic(), e);
            }
        }
        return fetched.next();
    }

    /** Puts the consumer a little before excerpt {@code sequence}, or to it. */
    private void goTo(long sequence) {
        Entry near = narrow(entry -> entry.sequence() <= sequence);
        if (near == null) {
            throw gap("does not hold excerpt " + sequence + " any more");
        }
        seek(near.offset());
        expected = sequence;
    }

    private void seek(long offset) {
        fetched = List.<ConsumerRecord<byte[], byte[]>>of().iterator();
        consumer.seek(partition, offset);
    }

    /**
     * An excerpt near the last one for which {@code holds} is true, at or before it. True for all
     * up to some place in the log, and false for all after it.
     *
     * @return null when it is false for the oldest one
     */
    Entry narrow(Predicate<Entry> holds) {
        Entry low = index.lastOf(holds);
        if (low == null) {
            return null;
        }
        Entry beyond = index.after(low.sequence());
        long high = beyond == null ? end() : beyond.offset();
        while (high - low.offset() > NEAR) {
            long middle = low.offset() + (high - low.offset()) / 2;
            Entry found = probe(middle);
            if (found != null && found.offset() < high && holds.test(found)) {
                low = found;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The offset after the last record that is committed. */
    long end() {
        try {
            return consumer.endOffsets(List.of(partition)).get(partition);
        } catch (KafkaException e) {
            throw KafkaFaults.of("can't see the end of topic " + partition.topic(), e);
        }
    }

    /** The first excerpt at or after {@code offset}; null when there is none. */
    Entry probe(long offset) {
        expected = 0;
        ConsumerRecord<byte[], byte[]> found = firstFrom(offset, end());
        if (found == null) {
            return null;
        }
        Excerpt excerpt = new Excerpt();
        StoredExcerpt.read(found, excerpt);
        Entry entry = Entry.of(found, excerpt);
        index.add(entry);
        return entry;
    }

    private ConsumerRecord<byte[], byte[]> firstFrom(long offset, long end) {
        seek(offset);
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!fetched.hasNext()) {
            if (position() >= end) {
                return null;
            }
            if (System.nanoTime() - deadline > 0) {
                throw silent();
            }
            fetched = poll().iterator();
        }
        return fetched.next();
    }

    private Iterable<ConsumerRecord<byte[], byte[]>> poll() {
        try {
            return consumer.poll(SHORT);
        } catch (InvalidOffsetException e) {
            throw gap("does not hold any more what was to be read");
        } catch (KafkaException e) {
            throw KafkaFaults.of("can't read topic " + partition.topic(), e);
        }
    }

    private long position() {
        try {
            return consumer.position(partition);
        } catch (KafkaException e) {
            throw KafkaFaults.of("can't read topic " + partition.topic(), e);
        }
    }

    /**
     * Reads the topic's last excerpt.
     *
     * @return false when there is none, and never was
     */
    ConsumerRecord<byte[], byte[]> last() {
        expected = 0;
        try {
            long begin = consumer.beginningOffsets(List.of(partition)).get(partition);
            long end = end();
            for (long back = 8; ; back *= 4) {
                long from = Math.max(begin, end - back);
                ConsumerRecord<byte[], byte[]> last = null;
                ConsumerRecord<byte[], byte[]> found = firstFrom(from, end);
                while (found != null) {
                    last = found;
                    found = fetched.hasNext() ? fetched.next() : after(end);
                }
                if (last != null || from == begin) {
                    return last;
                }
            }
        } catch (KafkaException e) {
            throw KafkaFaults.of("can't read the end of topic " + partition.topic(), e);
        }
    }

    private ConsumerRecord<byte[], byte[]> after(long end) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (position() < end) {
            fetched = poll().iterator();
            if (fetched.hasNext()) {
                return fetched.next();
            }
            if (System.nanoTime() - deadline > 0) {
                throw silent();
            }
        }
        return null;
    }

    /** The offset of the oldest record. */
    long begin() {
        try {
            return consumer.beginningOffsets(List.of(partition)).get(partition);
        } catch (KafkaException e) {
            throw KafkaFaults.of("can't see the begin of topic " + partition.topic(), e);
        }
    }

    @Override
    public TableLayout layout(int id) {
        if (id < 0 || id >= layouts.size()) {
            throw gap("lacks table layout " + id + " before excerpt " + expected);
        }
        return layouts.get(id);
    }

    @Override
    public long events() {
        return written.events();
    }

    @Override
    public Fault gap(String what) {
        return Topics.gap("topic " + partition.topic() + " " + what);
    }

    @Override
    public void close() {
        consumer.close(
                org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
