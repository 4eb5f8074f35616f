package io.landbridge.offsets;

/**
 * A PostgreSQL log sequence number: a byte offset into the WAL, unsigned 64 bits.
 *
 * @param value the offset; compared unsigned
 * @see <a href="https://www.postgresql.org/docs/17/datatype-pg-lsn.html">pg_lsn</a>
 */
public record Lsn(long value) implements SourcePosition {

    public static final Lsn ZERO = new Lsn(0);

    /** Reads PostgreSQL's {@code X/X} form, both halves hexadecimal, 32 bits at most. */
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash == text.length() - 1) {
            throw new IllegalArgumentException("not an LSN: '" + text + "'");
        }
        try {
            long high = Integer.parseUnsignedInt(text.substring(0, slash), 16);
            int low = Integer.parseUnsignedInt(text.substring(slash + 1), 16);
            return new Lsn(high << 32 | Integer.toUnsignedLong(low));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not an LSN: '" + text + "'", e);
        }
    }

    @Override
    public String text() {
        return Long.toHexString(value >>> 32).toUpperCase(java.util.Locale.ROOT)
                + "/"
                + Long.toHexString(value & 0xFFFFFFFFL).toUpperCase(java.util.Locale.ROOT);
    }

    /** Bytes of WAL from {@code earlier} to this one; negative when this one is the earlier. */
    public long bytesSince(Lsn earlier) {
        return value - earlier.value;
    }

    @Override
    public int compareTo(SourcePosition other) {
        if (!(other instanceof Lsn lsn)) {
            throw new IllegalArgumentException(
                    "cannot compare an LSN with " + other.getClass().getSimpleName());
        }
        return Long.compareUnsigned(value, lsn.value);
    }

    @Override
    public String toString() {
        return text();
    }
}
