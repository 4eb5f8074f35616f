package io.landbridge.buffer;

import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * One message of the queue, read back: a header that says where it stands in the stream, and the
 * bytes of many events, or a piece of one large event. Reused from read to read; owned by one
 * thread.
 *
 * <pre>
 * version      1 byte
 * flags        1 byte    CONTINUES, MORE
 * crc32c       4 bytes   over all that follows
 * sequence     8 bytes   1, 2, 3, ... over the buffer's whole life
 * events       8 bytes   how many events were appended before this excerpt
 * open since   8 bytes   sequence of the excerpt in which the transaction that is open at this
 *                        excerpt's start began; 0 when none is open
 * last commit            end of the last complete transaction before this excerpt: 0 | 1 LSN | 2 text
 * events
 * </pre>
 */
public final class Excerpt {

    static final byte VERSION = 1;

    /** It begins inside an event whose start is in an excerpt before. */
    public static final int CONTINUES = 1;

    /** Its last event goes on in the next excerpt. */
    public static final int MORE = 2;

    /** Largest excerpt that is ever written; Chronicle takes a quarter of its block size. */
    public static final int MAX_BYTES = 768 << 10;

    private static final int CRC_AT = 2;
    private static final int CHECKED_FROM = 6;

    private final CRC32C crc = new CRC32C();
    private byte[] bytes = new byte[80 << 10];
    private int length;

    private int flags;
    private long sequence;
    private long eventsBefore;
    private long openSince;
    private SourcePosition lastCommit;
    private int payload;

    /** Puts a header into {@code out}, which must be empty; {@link #finish} completes it. */
    static void header(
            ByteSink out,
            int flags,
            long sequence,
            long eventsBefore,
            long openSince,
            SourcePosition lastCommit) {
        out.putByte(VERSION);
        out.putByte(flags);
        out.putInt(0);
        out.putLong(sequence);
        out.putLong(eventsBefore);
        out.putLong(openSince);
        out.putPosition(lastCommit);
    }

    /** Sets the flags that were not known at the start, and the checksum. */
    static void finish(ByteSink out, int moreFlags, CRC32C crc) {
        byte[] array = out.array();
        array[1] |= (byte) moreFlags;
        crc.reset();
        crc.update(array, CHECKED_FROM, out.size() - CHECKED_FROM);
        crc.update(array, 0, CRC_AT);
        ByteBuffer.wrap(array).putInt(CRC_AT, (int) crc.getValue());
    }

    /** An array of at least {@code size} bytes to fill before {@link #accept}. */
    byte[] room(int size) {
        if (bytes.length < size) {
            bytes = new byte[size];
        }
        return bytes;
    }

    /**
     * Takes the first {@code size} bytes of {@link #room} as the excerpt.
     *
     * @return why they are not the excerpt {@code expected}, or null when they are
     */
    String accept(int size, long expected) {
        String why = accept(size);
        if (why == null && sequence != expected) {
            length = 0;
            return "has number " + sequence;
        }
        return why;
    }

    /**
     * Takes {@code content} as the excerpt, whichever it is.
     *
     * @return why it is none, or null
     */
    public String accept(byte[] content) {
        System.arraycopy(content, 0, room(content.length), 0, content.length);
        return accept(content.length);
    }

    private String accept(int size) {
        length = 0;
        if (size < CHECKED_FROM + 25) {
            return "is cut short";
        }
        if (bytes[0] != VERSION) {
            return "has format version " + bytes[0] + ", not " + VERSION;
        }
        ByteBuffer header = ByteBuffer.wrap(bytes, 0, size);
        crc.reset();
        crc.update(bytes, CHECKED_FROM, size - CHECKED_FROM);
        crc.update(bytes, 0, CRC_AT);
        if (header.getInt(CRC_AT) != (int) crc.getValue()) {
            return "is damaged: its checksum does not fit its bytes";
        }
        header.position(CHECKED_FROM);
        flags = bytes[1];
        sequence = header.getLong();
        eventsBefore = header.getLong();
        openSince = header.getLong();
        lastCommit = position(header);
        payload = header.position();
        length = size;
        return null;
    }

    private static SourcePosition position(ByteBuffer from) {
        return switch (from.get()) {
            case 0 -> null;
            case ByteSink.POSITION_LSN -> new Lsn(from.getLong());
            default -> {
                byte[] text = new byte[from.getInt()];
                from.get(text);
                yield SourcePosition.parse(new String(text, StandardCharsets.UTF_8));
            }
        };
    }

    byte[] bytes() {
        return bytes;
    }

    /** Where the events begin in {@link #bytes}. */
    int payload() {
        return payload;
    }

    /** Where they end; 0 when nothing is held. */
    int length() {
        return length;
    }

    public boolean continues() {
        return (flags & CONTINUES) != 0;
    }

    public boolean more() {
        return (flags & MORE) != 0;
    }

    public long sequence() {
        return sequence;
    }

    public long eventsBefore() {
        return eventsBefore;
    }

    /** 0 when no transaction is open at the excerpt's start. */
    public long openSince() {
        return openSince;
    }

    /** Null when no transaction was complete before. */
    public SourcePosition lastCommit() {
        return lastCommit;
    }
}
