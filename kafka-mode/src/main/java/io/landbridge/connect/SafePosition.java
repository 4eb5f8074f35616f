package io.landbridge.connect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * How the agent tells the task what the source may forget: by a message of its own in the source's
 * log, which is no part of any transaction.
 */
public final class SafePosition {

    /** The message's prefix. */
    public static final String PREFIX = "landbridge.safe";

    private static final byte MESSAGE = 'M';
    private static final byte[] PREFIX_BYTES = PREFIX.getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_BYTES = 2 + Long.BYTES;

    private SafePosition() {}

    /** What the message says about {@code slot}. */
    public static String text(String slot, long position) {
        return slot + " " + position;
    }

    /**
     * The position that {@code message} of pgoutput's tells for {@code slot}; 0 when it is another
     * one.
     *
     * @see <a
     *     href="https://www.postgresql.org/docs/17/protocol-logicalrep-message-formats.html">Message</a>
     */
    static long in(ByteBuffer message, String slot) {
        if (message.get(message.position()) != MESSAGE) {
            return 0;
        }
        ByteBuffer in = message.duplicate();
        in.position(in.position() + HEAD_BYTES);
        for (byte expected : PREFIX_BYTES) {
            if (in.get() != expected) {
                return 0;
            }
        }
        if (in.get() != 0) {
            return 0;
        }
        byte[] content = new byte[in.getInt()];
        in.get(content);
        String text = new String(content, StandardCharsets.US_ASCII);
        int space = text.lastIndexOf(' ');
        boolean ours = space == slot.length() && text.startsWith(slot);
        return ours ? Long.parseLong(text.substring(space + 1)) : 0;
    }
}
