package io.landbridge.kafka;

import io.landbridge.buffer.BufferStatus;
import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.buffer.EventReader;
import io.landbridge.buffer.Excerpt;
import io.landbridge.buffer.ExcerptReader;
import io.landbridge.buffer.ExcerptTail;
import io.landbridge.buffer.Written;
import io.landbridge.change.SourceEvent;
import io.landbridge.fault.Closing;
import io.landbridge.fault.Fault;
import io.landbridge.kafka.LogIndex.Entry;
import io.landbridge.offsets.SourcePosition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The change buffer in a topic of one partition: {@code agent/docs/kafka.md} tells what holds.
 *
 * <p>Always holds: excerpts are numbered without a hole, and a reader that meets one says so; only
 * one agent's excerpts are ever committed after the moment when it opened the topic; a record is
 * deleted only when every transaction before it is applied and every reader is past it.
 */
final class KafkaBuffer implements ChangeBuffer {

    /** How long a broker may take to show all that it has. */
    private static final Duration LONGEST_RECOVERY = Duration.ofSeconds(30);

    private static final long LOOK_NANOS = 500_000_000;

    /** What an agent that follows reads when it comes was applied so lately. */
    static final Duration AFTERGLOW = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(KafkaBuffer.class);
    private static final long LEAST_STEP = 256 << 10;

    private final Clients clients;
    private final Admin admin;
    private final Topics topics;
    private final TopicPartition partition;
    private final long maxBytes;
    private final LogIndex index;
    private final Written written = new Written();
    private final Set<ExcerptReader> readers = ConcurrentHashMap.newKeySet();
    private volatile TopicAppender appender;

    private final Duration afterglow;

    /** What was applied when, the oldest first; guarded by {@link #trimming}. */
    private final Deque<Applied> lately = new ArrayDeque<>();

    private record Applied(long at, SourcePosition position) {}

    /** Held while records are deleted and while a reader is put into place. */
    private final Object trimming = new Object();

    private KafkaBuffer(
            Clients clients,
            Admin admin,
            Topics topics,
            TopicPartition partition,
            long maxBytes,
            Duration afterglow) {
        this.afterglow = afterglow;
        this.clients = clients;
        this.admin = admin;
        this.topics = topics;
        this.partition = partition;
        this.maxBytes = maxBytes;
        this.index = new LogIndex(Math.max(LEAST_STEP, maxBytes / 256));
    }

    /**
     * Takes the topic over from whoever wrote to it.
     *
     * @param maxBytes most bytes of excerpts that may wait to be applied
     * @param afterglow how long records are kept that were applied, as long as there is room
     */
    static KafkaBuffer open(
            Clients clients,
            Admin admin,
            Topics topics,
            String topic,
            long maxBytes,
            Duration afterglow) {
        KafkaBuffer buffer =
                new KafkaBuffer(
                        clients, admin, topics, new TopicPartition(topic, 0), maxBytes, afterglow);
        buffer.appender = buffer.begin();
        return buffer;
    }

    /** Fences every earlier producer first: after that the topic's end stands still. */
    private TopicAppender begin() {
        topics.check(partition.topic());
        Producer<byte[], byte[]> producer = clients.producer(partition.topic());
        try {
            producer.initTransactions();
            try (TopicReader reader = reader()) {
                ConsumerRecord<byte[], byte[]> last = end(reader);
                if (last == null) {
                    return appender(producer, ExcerptTail.empty(0), 0);
                }
                if (index.isEmpty()) {
                    Entry first = reader.probe(reader.begin());
                    LOG.debug("topic {} begins with excerpt {}", partition.topic(), first);
                }
                Excerpt excerpt = new Excerpt();
                reader.take(last, excerpt);
                long bytes = StoredExcerpt.bytesBefore(last) + last.value().length;
                return appender(producer, ExcerptTail.after(excerpt, reader::layout), bytes);
            }
        } catch (KafkaException e) {
            Fault fault = KafkaFaults.of("can't take over topic " + partition.topic(), e);
            Closing.after(fault, () -> producer.close(Duration.ZERO));
            throw fault;
        } catch (RuntimeException e) {
            Closing.after(e, () -> producer.close(Duration.ZERO));
            throw e;
        }
    }

    /**
     * The topic's last excerpt; none in a new topic. A broker that has just come back may show an
     * end before what it has acknowledged: that is waited for, never built upon.
     */
    private ConsumerRecord<byte[], byte[]> end(TopicReader reader) {
        long deadline = System.nanoTime() + LONGEST_RECOVERY.toNanos();
        while (true) {
            ConsumerRecord<byte[], byte[]> last = reader.last();
            long sequence = last == null ? 0 : StoredExcerpt.sequence(last);
            if (sequence >= written.sequence()) {
                return last;
            }
            if (System.nanoTime() - deadline > 0) {
                throw reader.gap(
                        "ends with excerpt %d, although excerpt %d was acknowledged"
                                .formatted(sequence, written.sequence()));
            }
            LOG.warn(
                    "topic {} ends with excerpt {} so far, {} was acknowledged: waiting",
                    partition.topic(),
                    sequence,
                    written.sequence());
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private TopicAppender appender(
            Producer<byte[], byte[]> producer, ExcerptTail tail, long bytes) {
        LOG.info("topic {} goes on after excerpt {}", partition.topic(), tail.last());
        return new TopicAppender(
                partition, new Outbox(producer, index), index, written, tail, bytes, maxBytes);
    }

    private TopicReader reader() {
        return new TopicReader(clients.consumer(), partition, index, written);
    }

    @Override
    public void append(SourceEvent event) throws InterruptedException {
        appender.append(event);
    }

    @Override
    public void flush() {
        appender.flush();
    }

    @Override
    public Optional<SourcePosition> force() {
        return appender.force();
    }

    @Override
    public Optional<SourcePosition> last() {
        return appender.last();
    }

    @Override
    public Optional<SourcePosition> resume() {
        Optional<Fault> failure = appender.failure();
        if (failure.isPresent()) {
            if (!failure.get().code().isPassing()) {
                throw failure.get();
            }
            appender.close();
            appender = begin();
        }
        return last();
    }

    @Override
    public EventReader readAfter(SourcePosition applied) {
        synchronized (trimming) {
            TopicReader source = reader();
            ExcerptReader reader =
                    new ExcerptReader(source, applied, written.sequence() + 1, readers::remove);
            try {
                place(reader, source, applied);
            } catch (RuntimeException e) {
                Closing.after(e, reader);
                throw e;
            }
            readers.add(reader);
            return reader;
        }
    }

    @Override
    public Optional<EventReader> readHeld() {
        synchronized (trimming) {
            Optional<SourcePosition> last = last();
            if (index.isEmpty() || last.isEmpty()) {
                return Optional.empty();
            }
            long end = written.sequence();
            ExcerptReader reader =
                    new ExcerptReader(reader(), last.get(), end + 1, readers::remove);
            try {
                reader.goToOldest(index.first().sequence(), end);
            } catch (RuntimeException e) {
                Closing.after(e, reader);
                throw e;
            }
            readers.add(reader);
            return Optional.of(reader);
        }
    }

    private void place(ExcerptReader reader, TopicReader source, SourcePosition applied) {
        long end = written.sequence();
        if (index.isEmpty() || end == 0) {
            reader.goBefore(end + 1);
            return;
        }
        Entry from = source.narrow(entry -> entry.isReachedBy(applied));
        if (from == null) {
            throw source.gap(
                            "begins after "
                                    + index.first().lastCommit().text()
                                    + ", but what follows "
                                    + applied.text()
                                    + " was expected")
                    .at(applied);
        }
        reader.goAfter(applied, from.sequence(), index.first().sequence(), end);
    }

    @Override
    public void trimTo(SourcePosition applied) {
        Entry cut;
        synchronized (trimming) {
            SourcePosition old = appliedBefore(applied);
            if (index.isEmpty() || old == null) {
                return;
            }
            long neededFrom = Long.MAX_VALUE;
            for (ExcerptReader reader : readers) {
                neededFrom = Math.min(neededFrom, reader.neededFrom());
            }
            cut = index.cut(old, neededFrom);
            if (cut == null || cut.sequence() <= index.first().sequence()) {
                return;
            }
            index.forgetBefore(cut);
        }
        delete(cut);
        appender.roomWasMade();
    }

    /** What was applied long enough ago; null when nothing was. With little room that is all. */
    private SourcePosition appliedBefore(SourcePosition applied) {
        if (appender.isFull() || appender.bytes() > maxBytes / 2) {
            return applied;
        }
        long now = System.nanoTime();
        lately.add(new Applied(now, applied));
        SourcePosition old = null;
        while (!lately.isEmpty() && now - lately.peek().at() >= afterglow.toNanos()) {
            old = lately.remove().position();
        }
        return old;
    }

    /** Not waited for: what could not be deleted goes with the next cut. */
    private void delete(Entry cut) {
        var unused =
                admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(cut.offset())))
                        .lowWatermarks()
                        .get(partition)
                        .whenComplete(
                                (deleted, failure) -> {
                                    if (failure != null) {
                                        LOG.warn(
                                                "records of {} before {} stay for now: {}",
                                                partition,
                                                cut.offset(),
                                                failure.toString());
                                    }
                                });
    }

    @Override
    public BufferStatus status() {
        long read = readers.isEmpty() ? 0 : Long.MAX_VALUE;
        for (ExcerptReader reader : readers) {
            read = Math.min(read, reader.events());
        }
        TopicAppender current = appender;
        return new BufferStatus(
                Math.max(0, written.events() - read), current.bytes(), maxBytes, current.isFull());
    }

    @Override
    public void close() {
        appender.close();
    }
}
