package io.landbridge.kafka;

import io.landbridge.buffer.Excerpt;
import io.landbridge.buffer.LayoutBytes;
import io.landbridge.change.TableLayout;
import io.landbridge.fault.Fault;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * An excerpt as a record. Its key is the excerpt's number, its value the excerpt; headers carry the
 * table layouts that its changes name, so that a reader can begin anywhere, and how many bytes of
 * excerpts came before it.
 */
final class StoredExcerpt {

    private static final String LAYOUTS = "layouts";
    private static final String BYTES_BEFORE = "bytes-before";

    private StoredExcerpt() {}

    static ProducerRecord<byte[], byte[]> record(
            TopicPartition partition,
            long sequence,
            byte[] excerpt,
            List<TableLayout> layouts,
            long bytesBefore) {
        var record =
                new ProducerRecord<byte[], byte[]>(
                        partition.topic(), partition.partition(), bytes(sequence), excerpt);
        record.headers().add(BYTES_BEFORE, bytes(bytesBefore));
        if (!layouts.isEmpty()) {
            record.headers().add(LAYOUTS, LayoutBytes.of(layouts));
        }
        return record;
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** The excerpt's number. */
    static long sequence(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.key().length != Long.BYTES) {
            throw foreign(record, "has no number");
        }
        return ByteBuffer.wrap(record.key()).getLong();
    }

    static long bytesBefore(ConsumerRecord<byte[], byte[]> record) {
        return ByteBuffer.wrap(header(record, BYTES_BEFORE)).getLong();
    }

    /** The layouts that its changes name, as they were encoded; null when there are none. */
    static byte[] layouts(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(LAYOUTS);
        return header == null ? null : header.value();
    }

    static void read(ConsumerRecord<byte[], byte[]> record, Excerpt into) {
        String why = into.accept(record.value());
        if (why == null && into.sequence() != sequence(record)) {
            why = "has another number than its record";
        }
        if (why != null) {
            throw foreign(record, why);
        }
    }

    private static byte[] header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        if (header == null) {
            throw foreign(record, "lacks header " + name);
        }
        return header.value();
    }

    private static Fault foreign(ConsumerRecord<byte[], byte[]> record, String why) {
        return Topics.gap("record " + record.offset() + " of topic " + record.topic() + " " + why);
    }
}
