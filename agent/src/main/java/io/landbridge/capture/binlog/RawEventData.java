package io.landbridge.capture.binlog;

import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.TransactionPayloadEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An event's bytes behind its header, as they came. */
final class RawEventData implements EventData {

    private static final long serialVersionUID = 1;

    /** What the client's own reading of would lose values, or time. */
    private static final List<EventType> RAW =
            List.of(
                    EventType.GTID,
                    EventType.ANONYMOUS_GTID,
                    EventType.MARIADB_GTID,
                    EventType.WRITE_ROWS,
                    EventType.UPDATE_ROWS,
                    EventType.DELETE_ROWS,
                    EventType.EXT_WRITE_ROWS,
                    EventType.EXT_UPDATE_ROWS,
                    EventType.EXT_DELETE_ROWS);

    private final byte[] bytes;

    RawEventData(byte[] bytes) {
        this.bytes = bytes;
    }

    static byte[] bytesOf(EventData data) {
        return data instanceof RawPayload payload ? payload.bytes : ((RawEventData) data).bytes;
    }

    static Optional<byte[]> maybe(EventData data) {
        return data instanceof RawEventData raw ? Optional.of(raw.bytes) : Optional.empty();
    }

    /** Reads rows and compressed transactions as bytes, everything else as the client does. */
    static EventDeserializer deserializer() {
        EventDeserializer deserializer = new EventDeserializer();
        RAW.forEach(type -> deserializer.setEventDataDeserializer(type, new Raw()));
        deserializer.setEventDataDeserializer(
                EventType.TRANSACTION_PAYLOAD, in -> new RawPayload(in.read(in.available())));
        return deserializer;
    }

    /** Takes what the client gives. */
    private static final class Raw implements EventDataDeserializer<RawEventData> {

        @Override
        public RawEventData deserialize(ByteArrayInputStream in) throws IOException {
            return new RawEventData(in.read(in.available()));
        }
    }

    /** The client looks for events in a compressed transaction, and finds none. */
    private static final class RawPayload extends TransactionPayloadEventData {

        private static final long serialVersionUID = 1;

        private final byte[] bytes;

        RawPayload(byte[] bytes) {
            this.bytes = bytes;
            setUncompressedEvents(new ArrayList<>());
        }
    }
}
