package io.landbridge.capture.binlog;

import com.github.luben.zstd.ZstdInputStream;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.deserialization.EventHeaderV4Deserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.QueryEventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.TableMapEventDataDeserializer;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The events of a transaction that was compressed as a whole, one at a time, so that what they were
 * compressed from need not fit the memory.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/refman/8.0/en/binary-log-transaction-compression.html">binlog_transaction_compression</a>
 */
final class Payload {

    private static final int END_OF_FIELDS = 0;
    private static final int COMPRESSION = 2;
    private static final int ZSTD = 0;
    private static final int NONE = 255;
    private static final int HEADER_BYTES = 19;

    private final EventHeaderV4Deserializer headers = new EventHeaderV4Deserializer();
    private final TableMapEventDataDeserializer tableMaps = new TableMapEventDataDeserializer();
    private final QueryEventDataDeserializer queries = new QueryEventDataDeserializer();
    private final InputStream events;

    Payload(byte[] bytes) {
        Bytes in = new Bytes(bytes);
        long compression = NONE;
        for (long field = in.packed(); field != END_OF_FIELDS; field = in.packed()) {
            Bytes value = in.part(in.packed());
            if (field == COMPRESSION) {
                compression = value.packed();
            }
        }
        InputStream raw = new java.io.ByteArrayInputStream(in.rest());
        this.events = compression == ZSTD ? unpacked(raw) : raw;
        if (compression != ZSTD && compression != NONE) {
            throw Fault.of(
                            FaultCode.VALUE_UNSUPPORTED,
                            "a transaction is compressed in a way that is unknown: " + compression)
                    .hint("set binlog_transaction_compression = OFF and start the migration anew");
        }
    }

    private static InputStream unpacked(InputStream raw) {
        try {
            return new ZstdInputStream(raw);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next event; null behind the last. */
    Event next() {
        try {
            byte[] header = events.readNBytes(HEADER_BYTES);
            if (header.length < HEADER_BYTES) {
                return null;
            }
            EventHeaderV4 read = headers.deserialize(stream(header));
            byte[] body = events.readNBytes((int) read.getEventLength() - HEADER_BYTES);
            return new Event(read, data(read.getEventType(), body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private EventData data(EventType type, byte[] body) throws IOException {
        return switch (type) {
            case TABLE_MAP -> tableMaps.deserialize(stream(body));
            case QUERY -> queries.deserialize(stream(body));
            default -> new RawEventData(body);
        };
    }

    private static com.github.shyiko.mysql.binlog.io.ByteArrayInputStream stream(byte[] bytes) {
        return new com.github.shyiko.mysql.binlog.io.ByteArrayInputStream(bytes);
    }
}
