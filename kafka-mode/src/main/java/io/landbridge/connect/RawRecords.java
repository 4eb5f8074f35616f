package io.landbridge.connect;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * What records of the raw topic look like: their values, one after the other, are the log's
 * messages, each behind its length in four bytes, cut anywhere. The key says which run of a task a
 * record is from, for which session of the agent's, and how many of that run came before it.
 *
 * @param session the agent's
 * @param run of the task
 * @param number of the record in its run, from 0 on
 */
public record RawRecords(UUID session, UUID run, long number) {

    /** Most bytes of a record's value: what brokers and clients take as they are by default. */
    public static final int MOST_BYTES = 512 << 10;

    /** Bytes before each message. */
    public static final int LENGTH_BYTES = Integer.BYTES;

    private static final int KEY_BYTES = 5 * Long.BYTES;

    /** The record's key. */
    public byte[] key() {
        ByteBuffer bytes = ByteBuffer.allocate(KEY_BYTES);
        put(bytes, session);
        put(bytes, run);
        return bytes.putLong(number).array();
    }

    private static void put(ByteBuffer bytes, UUID id) {
        bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    /** What a key says; null when it is none of ours. */
    public static RawRecords of(byte[] key) {
        if (key == null || key.length != KEY_BYTES) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(key);
        return new RawRecords(id(bytes), id(bytes), bytes.getLong());
    }

    private static UUID id(ByteBuffer bytes) {
        return new UUID(bytes.getLong(), bytes.getLong());
    }
}
