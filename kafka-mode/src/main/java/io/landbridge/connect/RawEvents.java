package io.landbridge.connect;

import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.TransactionPayloadEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.ChecksumType;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keeps each event's bytes while the client reads of them what it needs itself; nobody here reads
 * rows. Owned by the client's thread.
 */
final class RawEvents extends EventDeserializer {

    private static final int HEADER_BYTES = 19;
    private static final int LENGTH_AT = 9;

    private static final List<EventType> UNREAD =
            List.of(
                    EventType.GTID,
                    EventType.ANONYMOUS_GTID,
                    EventType.WRITE_ROWS,
                    EventType.UPDATE_ROWS,
                    EventType.DELETE_ROWS,
                    EventType.EXT_WRITE_ROWS,
                    EventType.EXT_UPDATE_ROWS,
                    EventType.EXT_DELETE_ROWS);

    private int checksumBytes;
    private byte[] last;

    RawEvents() {
        UNREAD.forEach(type -> setEventDataDeserializer(type, in -> new Unread()));
        setEventDataDeserializer(EventType.TRANSACTION_PAYLOAD, in -> noEvents());
    }

    /** Of what is not read. */
    private static final class Unread implements EventData {
        private static final long serialVersionUID = 1;
    }

    /** The client looks for events in a compressed transaction, and finds none. */
    private static TransactionPayloadEventData noEvents() {
        TransactionPayloadEventData payload = new TransactionPayloadEventData();
        payload.setUncompressedEvents(new ArrayList<>());
        return payload;
    }

    @Override
    @SuppressWarnings("deprecation")
    public void setChecksumType(ChecksumType type) {
        super.setChecksumType(type);
        checksumBytes = type.getLength();
    }

    /** How many bytes at each event's end are its checksum. */
    int checksumBytes() {
        return checksumBytes;
    }

    /** The event that was read last, as the server sent it. */
    byte[] last() {
        return last;
    }

    @Override
    public Event nextEvent(ByteArrayInputStream in) throws IOException {
        if (in.peek() == -1) {
            return null;
        }
        byte[] header = in.read(HEADER_BYTES);
        int length = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(LENGTH_AT);
        last = Arrays.copyOf(header, length);
        in.fill(last, HEADER_BYTES, length - HEADER_BYTES);
        return super.nextEvent(new ByteArrayInputStream(last));
    }
}
