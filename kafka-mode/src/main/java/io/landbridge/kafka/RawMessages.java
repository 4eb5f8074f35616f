package io.landbridge.kafka;

import io.landbridge.connect.RawRecords;
import java.nio.ByteBuffer;

/** Puts messages together again that records cut anywhere. Owned by one thread. */
final class RawMessages {

    private final ByteBuffer length = ByteBuffer.allocate(RawRecords.LENGTH_BYTES);

    /** The message that has begun in an earlier record; null between two. */
    private ByteBuffer begun;

    /** Gives out what is whole with the next record's {@code value}. */
    void read(byte[] value, RawReader.Sink sink) throws InterruptedException {
        ByteBuffer in = ByteBuffer.wrap(value);
        while (in.hasRemaining()) {
            if (begun == null) {
                take(in, length);
                if (length.hasRemaining()) {
                    return;
                }
                int size = length.getInt(0);
                length.clear();
                if (size <= in.remaining()) {
                    ByteBuffer message = in.slice(in.position(), size);
                    in.position(in.position() + size);
                    sink.message(message);
                    continue;
                }
                begun = ByteBuffer.allocate(size);
            }
            take(in, begun);
            if (!begun.hasRemaining()) {
                ByteBuffer message = begun.flip();
                begun = null;
                sink.message(message);
            }
        }
    }

    private static void take(ByteBuffer in, ByteBuffer into) {
        int count = Math.min(in.remaining(), into.remaining());
        into.put(in.slice(in.position(), count));
        in.position(in.position() + count);
    }
}
