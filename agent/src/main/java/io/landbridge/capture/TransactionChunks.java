package io.landbridge.capture;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Packs pgoutput's messages of one transaction into chunks of bytes, as they came. A chunk is a
 * sequence of {@code int length, message}; the message that ends a transaction carries, behind its
 * own bytes, how many row and truncate messages were packed since its begin: {@link PgOutputReader}
 * counts them again, so that whatever is lost between the two is noticed.
 *
 * <p>Owned by the thread that reads the replication connection.
 *
 * @see <a href="https://www.postgresql.org/docs/17/protocol-logicalrep-message-formats.html">the
 *     messages</a>
 */
public final class TransactionChunks {

    /** What the last message led to. */
    public enum Added {
        /** Nothing to take yet. */
        PENDING,
        /** A chunk to take; the transaction goes on. */
        PART,
        /** A chunk to take; it ends the transaction. */
        END
    }

    private static final int ENOUGH = 64 * 1024;
    private static final int SMALLEST = 1024;

    private final int enough;
    private byte[] bytes = new byte[SMALLEST];
    private int used;
    private long rows;

    public TransactionChunks() {
        this(ENOUGH);
    }

    TransactionChunks(int enough) {
        this.enough = enough;
    }

    /** Adds one message, which starts at {@code message}'s position and fills the rest of it. */
    public Added add(ByteBuffer message) {
        switch (message.get(message.position())) {
            case 'B' -> {
                used = 0;
                rows = 0;
                append(message, 0);
            }
            case 'C' -> {
                append(message, Long.BYTES);
                putLong(rows);
                return Added.END;
            }
            case 'I', 'U', 'D', 'T' -> {
                rows++;
                append(message, 0);
            }
            case 'R' -> append(message, 0);
            case 'M' -> {
                boolean transactional = message.get(message.position() + 1) == 1;
                if (transactional) {
                    append(message, 0);
                }
            }
            default -> {
                // Types and origins tell nothing that a text value or its relation doesn't.
            }
        }
        return used >= enough ? Added.PART : Added.PENDING;
    }

    /** The chunk; the next one begins empty. */
    public byte[] take() {
        byte[] chunk = Arrays.copyOf(bytes, used);
        used = 0;
        if (bytes.length > 4 * enough) {
            bytes = new byte[SMALLEST];
        }
        return chunk;
    }

    private void append(ByteBuffer message, int extra) {
        int length = message.remaining();
        reserve(Integer.BYTES + length + extra);
        int framed = length + extra;
        bytes[used++] = (byte) (framed >>> 24);
        bytes[used++] = (byte) (framed >>> 16);
        bytes[used++] = (byte) (framed >>> 8);
        bytes[used++] = (byte) framed;
        message.get(bytes, used, length);
        used += length;
    }

    private void putLong(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[used++] = (byte) (value >>> shift);
        }
    }

    private void reserve(int more) {
        if (used + more > bytes.length) {
            bytes =
                    Arrays.copyOf(
                            bytes, Math.max(used + more, Math.min(bytes.length * 2, 2 * enough)));
        }
    }
}
