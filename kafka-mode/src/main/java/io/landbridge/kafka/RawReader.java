package io.landbridge.kafka;

import io.landbridge.connect.RawRecords;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the log's messages out of the raw topic: those that one run of a task has written for one
 * session of ours, in their order. Whatever else lies there is passed over; a second run, or a
 * record that is missing, ends the reading: the session after this one has all of it again.
 *
 * <p>Owned by one thread, but for {@link #behind} and {@link #lag}; closes the clients that it is
 * given.
 */
final class RawReader implements AutoCloseable {

    /** Takes a message, which starts at its position and fills the rest of it. */
    interface Sink {
        void message(ByteBuffer message) throws InterruptedException;
    }

    private static final long TRIM_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long TRIM_BYTES = 32L << 20;

    private final Consumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final TopicPartition partition;
    private final UUID session;
    private final RawMessages messages = new RawMessages();

    private UUID run;
    private long expected;
    private long sinceTrim;
    private long trimmedAt = System.nanoTime();
    private volatile long next;

    /** Counted by the reading thread alone. */
    private final AtomicLong records = new AtomicLong();

    private final AtomicLong bytes = new AtomicLong();

    RawReader(Consumer<byte[], byte[]> consumer, Admin admin, String topic, UUID session) {
        this.consumer = consumer;
        this.admin = admin;
        this.partition = new TopicPartition(topic, 0);
        this.session = session;
    }

    /** Goes to the topic's end, and has everything before it deleted. */
    void begin() {
        try {
            consumer.assign(List.of(partition));
            next = consumer.endOffsets(List.of(partition)).get(partition);
            consumer.seek(partition, next);
            delete();
        } catch (KafkaException e) {
            throw KafkaFaults.of("can't read topic " + partition.topic(), e);
        }
    }

    /** Gives all messages that come within {@code wait} to {@code sink}, one after the other. */
    void read(Duration wait, Sink sink) throws InterruptedException {
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
                if (isNext(record)) {
                    messages.read(record.value(), sink);
                    records.incrementAndGet();
                    bytes.addAndGet(record.value().length);
                    sinceTrim += record.value().length;
                }
                next = record.offset() + 1;
            }
        } catch (KafkaException e) {
            throw KafkaFaults.of("can't read topic " + partition.topic(), e);
        }
        boolean late = System.nanoTime() - trimmedAt > TRIM_NANOS;
        if (sinceTrim > TRIM_BYTES || (sinceTrim > 0 && late)) {
            delete();
        }
    }

    private boolean isNext(ConsumerRecord<byte[], byte[]> record) {
        RawRecords key = RawRecords.of(record.key());
        if (key == null || !key.session().equals(session)) {
            return false;
        }
        if (run == null) {
            run = key.run();
        }
        if (!key.run().equals(run)) {
            throw broken("was written to by a second run of the task");
        }
        if (key.number() > expected) {
            throw broken("lacks record " + expected + " of a run");
        }
        if (key.number() < expected) {
            return false;
        }
        expected++;
        return true;
    }

    private Fault broken(String what) {
        return Fault.of(
                        FaultCode.CAPTURE_STOPPED,
                        "topic " + partition.topic() + " " + what + ", which begins anew")
                .hint("the source has everything still; the capture goes on by itself");
    }

    /** What was read is in the buffer, or can be had from the source. Not waited for. */
    private void delete() {
        sinceTrim = 0;
        trimmedAt = System.nanoTime();
        var unused = admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(next)));
    }

    /** How many records lie between what was read and {@code end}, the topic's end. */
    long behind(long end) {
        return Math.max(0, end - next);
    }

    /** About how many bytes lie between what was read and {@code end}, the topic's end. */
    long lag(long end) {
        long seen = records.get();
        return seen == 0 ? 0 : behind(end) * (bytes.get() / seen);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
        admin.close(Duration.ofSeconds(2));
    }
}
