package io.landbridge.capture.binlog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the integers and byte strings that events are made of, from a place onwards. Reading past
 * the end throws {@link IndexOutOfBoundsException}: the event isn't what we take it for.
 */
final class Bytes {

    private final byte[] array;
    private final int end;
    private int at;

    Bytes(byte[] array) {
        this(array, 0, array.length);
    }

    Bytes(byte[] array, int from, int to) {
        this.array = array;
        this.at = from;
        this.end = to;
        if (from < 0 || from > to || to > array.length) {
            throw new IndexOutOfBoundsException(from + " to " + to + " of " + array.length);
        }
    }

    boolean hasMore() {
        return at < end;
    }

    int left() {
        return end - at;
    }

    int position() {
        return at;
    }

    void skip(long count) {
        at = take(count) + (int) count;
    }

    private int take(long count) {
        if (count < 0 || count > end - at) {
            throw new IndexOutOfBoundsException(count + " bytes where " + (end - at) + " are left");
        }
        return at;
    }

    int unsigned1() {
        int from = take(1);
        at++;
        return array[from] & 0xFF;
    }

    /** Little-endian, unsigned up to 7 bytes; of 8 bytes the 64 bits as they are. */
    long little(int count) {
        int from = take(count);
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = (value << 8) | (array[from + i] & 0xFF);
        }
        at += count;
        return value;
    }

    /** As {@link #little}, in two's complement. */
    long signedLittle(int count) {
        return extend(little(count), count);
    }

    /** Big-endian, unsigned up to 7 bytes. */
    long big(int count) {
        int from = take(count);
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = (value << 8) | (array[from + i] & 0xFF);
        }
        at += count;
        return value;
    }

    private static long extend(long value, int count) {
        int free = Long.SIZE - 8 * count;
        return value << free >> free;
    }

    /** MySQL's length-encoded integer. */
    long packed() {
        int first = unsigned1();
        return switch (first) {
            case 0xFC -> little(2);
            case 0xFD -> little(3);
            case 0xFE -> little(8);
            default -> first;
        };
    }

    /** The next {@code count} bytes, to be read by themselves. */
    Bytes part(long count) {
        int from = take(count);
        at += (int) count;
        return new Bytes(array, from, at);
    }

    /** What lies between {@code offset}, counted from {@code start}, and the end. */
    Bytes from(int start, long offset) {
        if (offset < 0 || start + offset > end) {
            throw new IndexOutOfBoundsException("offset " + offset + " from " + start);
        }
        return new Bytes(array, start + (int) offset, end);
    }

    byte[] copy(long count) {
        int from = take(count);
        at += (int) count;
        return Arrays.copyOfRange(array, from, at);
    }

    /** Bytes that were read already. */
    byte[] again(int from, int count) {
        return Arrays.copyOfRange(array, from, from + count);
    }

    byte[] rest() {
        return copy(left());
    }

    String utf8(long count) {
        int from = take(count);
        at += (int) count;
        return new String(array, from, (int) count, StandardCharsets.UTF_8);
    }

    /** Whether bit {@code index} is set in the bitmap that starts at {@code bitmap}. */
    boolean bit(int bitmap, int index) {
        return ((array[bitmap + (index >> 3)] >> (index & 7)) & 1) != 0;
    }
}
