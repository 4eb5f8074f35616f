package io.landbridge.kafka;

import io.landbridge.buffer.Excerpt;
import io.landbridge.kafka.LogIndex.Entry;
import io.landbridge.offsets.SourcePosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * Sends excerpts in transactions of Kafka's: what readers see is what was committed, and only while
 * no other agent has taken the topic over. The pieces of one event are committed together. Owned by
 * the sending thread.
 */
final class Outbox implements AutoCloseable {

    /**
     * An excerpt on its way.
     *
     * @param more whether its last event goes on in the next one
     * @param events appended up to its end
     * @param bytesBefore of all excerpts before it
     * @param lastCommit end of the last complete transaction up to its end, or null
     */
    record Parcel(
            ProducerRecord<byte[], byte[]> record,
            long sequence,
            boolean more,
            long events,
            long bytesBefore,
            SourcePosition lastCommit) {

        int bytes() {
            return record.value().length;
        }
    }

    private record Sent(Parcel parcel, Future<RecordMetadata> done) {}

    private final Producer<byte[], byte[]> producer;
    private final LogIndex index;
    private final List<Sent> sent = new ArrayList<>();
    private boolean open;

    /**
     * @param producer initialised for transactions; closed with this
     */
    Outbox(Producer<byte[], byte[]> producer, LogIndex index) {
        this.producer = producer;
        this.index = index;
    }

    /** Sends one excerpt; the pieces of an event go into a transaction of their own. */
    void send(Parcel parcel) {
        if (!open) {
            producer.beginTransaction();
            open = true;
        }
        sent.add(new Sent(parcel, producer.send(parcel.record())));
    }

    /** Whether what was sent ends with a whole event, so that it can be committed. */
    boolean isWhole() {
        return sent.isEmpty() || !last().more();
    }

    private Parcel last() {
        return sent.get(sent.size() - 1).parcel();
    }

    /**
     * Makes what was sent visible, for good.
     *
     * @return the last excerpt of it, or null when there was nothing
     */
    Parcel commit() throws InterruptedException {
        if (!open) {
            return null;
        }
        producer.commitTransaction();
        open = false;
        Parcel last = last();
        for (Sent each : sent) {
            remember(each);
        }
        sent.clear();
        return last;
    }

    private void remember(Sent each) throws InterruptedException {
        Parcel parcel = each.parcel();
        if (!index.wants(parcel.sequence(), parcel.bytesBefore())) {
            return;
        }
        Excerpt excerpt = new Excerpt();
        String why = excerpt.accept(parcel.record().value());
        if (why != null) {
            throw new IllegalStateException("excerpt " + parcel.sequence() + " " + why);
        }
        try {
            index.add(Entry.of(excerpt, each.done().get().offset(), parcel.bytesBefore()));
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        }
    }

    /** Makes void what was sent and not committed. */
    void abort() {
        if (open) {
            producer.abortTransaction();
            open = false;
            sent.clear();
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
