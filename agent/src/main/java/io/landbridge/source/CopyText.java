package io.landbridge.source;

import io.landbridge.schema.mysql.Form.Wire;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Writes rows in COPY's text format into one buffer that is used again and again. Owned by one
 * thread.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-copy.html#id-1.9.3.55.9.2">the format</a>
 */
final class CopyText {

    private static final byte[] DIGITS = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private static final VarHandle EIGHT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** Eight bytes of 1: times a byte, that byte eight times. */
    private static final long ONES = 0x0101_0101_0101_0101L;

    /** The highest bit of each of eight bytes. */
    private static final long HIGHEST = 0x8080808080808080L;

    private byte[] bytes = new byte[8 << 10];
    private int length;
    private boolean first = true;

    /** Forgets what was there. */
    void begin() {
        length = 0;
        first = true;
    }

    /**
     * Adds a column's value.
     *
     * @param value null for NULL
     */
    void add(byte[] value, Wire wire) {
        if (!first) {
            reserve(1);
            bytes[length++] = '\t';
        }
        first = false;
        if (value == null) {
            reserve(2);
            bytes[length++] = '\\';
            bytes[length++] = 'N';
            return;
        }
        switch (wire) {
            case PLAIN -> {
                reserve(value.length);
                System.arraycopy(value, 0, bytes, length, value.length);
                length += value.length;
            }
            case ESCAPED -> escape(value);
            case HEX -> hex(value);
        }
    }

    /** What needs no escape goes in pieces as long as they come; most values are one. */
    private void escape(byte[] value) {
        reserve(2L * value.length);
        for (int from = 0, to; ; from = to + 1) {
            to = plainUntil(value, from);
            System.arraycopy(value, from, bytes, length, to - from);
            length += to - from;
            if (to == value.length) {
                return;
            }
            bytes[length++] = '\\';
            bytes[length++] = letter(value[to]);
        }
    }

    /** The first place from {@code from} on that needs an escape, else the length. */
    private static int plainUntil(byte[] value, int from) {
        int at = from;
        while (at < value.length) {
            if (at <= value.length - Long.BYTES && !mayNeedEscape((long) EIGHT.get(value, at))) {
                at += Long.BYTES;
            } else if (letter(value[at]) == 0) {
                at++;
            } else {
                break;
            }
        }
        return at;
    }

    /**
     * Whether one of eight bytes is a backslash or below 14, as tab and the ends of lines are.
     *
     * @see <a href="https://graphics.stanford.edu/~seander/bithacks.html#HasLessInWord">how</a>
     */
    private static boolean mayNeedEscape(long eight) {
        long low = (eight - 14 * ONES) & ~eight;
        long backslash = eight ^ ('\\' * ONES);
        return ((low | ((backslash - ONES) & ~backslash)) & HIGHEST) != 0;
    }

    /** What stands for {@code one} behind a backslash; 0: it goes as it is. */
    private static byte letter(byte one) {
        return switch (one) {
            case '\\' -> '\\';
            case '\t' -> 't';
            case '\n' -> 'n';
            case '\r' -> 'r';
            default -> 0;
        };
    }

    private void hex(byte[] value) {
        reserve(2L * value.length + 3);
        bytes[length++] = '\\';
        bytes[length++] = '\\';
        bytes[length++] = 'x';
        for (byte one : value) {
            bytes[length++] = DIGITS[one >> 4 & 15];
            bytes[length++] = DIGITS[one & 15];
        }
    }

    /** Ends the row; the bytes are the caller's. */
    byte[] end() {
        reserve(1);
        bytes[length++] = '\n';
        return Arrays.copyOf(bytes, length);
    }

    private void reserve(long more) {
        if (length + more > bytes.length) {
            long wanted = Math.max(length + more, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
        }
    }
}
