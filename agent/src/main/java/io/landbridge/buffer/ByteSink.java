package io.landbridge.buffer;

import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes being put together on the heap; grows as needed. Owned by one thread. */
final class ByteSink {

    static final byte POSITION_LSN = 1;
    static final byte POSITION_TEXT = 2;

    private byte[] array;
    private int size;

    ByteSink(int capacity) {
        array = new byte[capacity];
    }

    byte[] array() {
        return array;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void clear() {
        size = 0;
    }

    /** Forgets everything after the first {@code length} bytes. */
    void cutTo(int length) {
        size = length;
    }

    void putByte(int value) {
        reserve(1);
        array[size++] = (byte) value;
    }

    void putInt(int value) {
        reserve(Integer.BYTES);
        ByteBuffer.wrap(array).putInt(size, value);
        size += Integer.BYTES;
    }

    void putLong(long value) {
        reserve(Long.BYTES);
        ByteBuffer.wrap(array).putLong(size, value);
        size += Long.BYTES;
    }

    /** Seven bits a byte, low ones first; {@code value} as unsigned. */
    void putVarint(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            array[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[size++] = (byte) rest;
    }

    /** Null is allowed. */
    void putPosition(SourcePosition position) {
        if (position == null) {
            putByte(0);
        } else if (position instanceof Lsn lsn) {
            putByte(POSITION_LSN);
            putLong(lsn.value());
        } else {
            byte[] text = position.text().getBytes(StandardCharsets.UTF_8);
            putByte(POSITION_TEXT);
            putInt(text.length);
            putBytes(text);
        }
    }

    void putBytes(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, array, size, bytes.length);
        size += bytes.length;
    }

    /**
     * Puts characters {@code from} to {@code to} as single bytes.
     *
     * @return false, with nothing put, when one of them is not ASCII
     */
    boolean putAscii(String text, int from, int to) {
        reserve(to - from);
        int at = size;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return false;
            }
            array[at++] = (byte) c;
        }
        size = at;
        return true;
    }

    /**
     * Puts characters {@code from} to {@code to}, which must not cut a surrogate pair, as UTF-8.
     */
    void putUtf8(String text, int from, int to) {
        reserve(3 * (to - from));
        int at = size;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                array[at++] = (byte) c;
            } else if (c < 0x800) {
                array[at++] = (byte) (0xC0 | c >> 6);
                array[at++] = tail(c);
            } else if (!Character.isSurrogate(c)) {
                array[at++] = (byte) (0xE0 | c >> 12);
                array[at++] = tail(c >> 6);
                array[at++] = tail(c);
            } else {
                int point = Character.toCodePoint(c, text.charAt(++i));
                array[at++] = (byte) (0xF0 | point >> 18);
                array[at++] = tail(point >> 12);
                array[at++] = tail(point >> 6);
                array[at++] = tail(point);
            }
        }
        size = at;
    }

    /** A byte of UTF-8 after the first: the low six of {@code bits}. */
    private static byte tail(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }

    /**
     * How many bytes {@code text} takes in UTF-8, or -1 when it holds half a surrogate pair, which
     * UTF-8 cannot say.
     */
    static long utf8Length(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                continue;
            }
            if (c < 0x800) {
                bytes++;
            } else if (!Character.isSurrogate(c)) {
                bytes += 2;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 2;
                i++;
            } else {
                return -1;
            }
        }
        return bytes;
    }

    private void reserve(int more) {
        if (array.length - size < more) {
            array = Arrays.copyOf(array, Math.max(2 * array.length, size + more));
        }
    }
}
