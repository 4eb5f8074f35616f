package io.landbridge.capture.binlog;

import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.deserialization.ChecksumType;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import io.landbridge.capture.EventReceiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Makes events of the bytes that another process has read from the log: first one byte, how many
 * bytes of checksum end each event, then the events as the server sent them. Owned by one thread.
 */
public final class RawEventReader {

    private final EventDeserializer deserializer = RawEventData.deserializer();
    private final EventReceiver receiver;
    private boolean begun;

    public RawEventReader(EventReceiver receiver) {
        this.receiver = receiver;
    }

    /**
     * Takes one message, which starts at its position and fills the rest of it. There is no other
     * way than the deprecated one to say how long checksums are before the log does.
     */
    @SuppressWarnings("deprecation")
    public void message(ByteBuffer message) throws InterruptedException {
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        if (!begun) {
            begun = true;
            deserializer.setChecksumType(bytes[0] == 0 ? ChecksumType.NONE : ChecksumType.CRC32);
            return;
        }
        receiver.event(event(bytes));
    }

    private Event event(byte[] bytes) {
        try {
            return deserializer.nextEvent(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
