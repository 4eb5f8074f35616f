package io.landbridge.source;

import io.landbridge.schema.mysql.Form.Wire;
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

    private void escape(byte[] value) {
        reserve(2L * value.length);
        for (byte one : value) {
            byte letter =
                    switch (one) {
                        case '\\' -> '\\';
                        case '\t' -> 't';
                        case '\n' -> 'n';
                        case '\r' -> 'r';
                        default -> 0;
                    };
            if (letter != 0) {
                bytes[length++] = '\\';
            }
            bytes[length++] = letter == 0 ? one : letter;
        }
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
