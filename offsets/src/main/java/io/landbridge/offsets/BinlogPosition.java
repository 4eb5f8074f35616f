package io.landbridge.offsets;

import java.util.Comparator;

/**
 * A place in a MySQL server's binary log: a file, and a byte offset in it.
 *
 * <p>Within one server files are numbered in the order in which they are written, so that positions
 * are totally ordered whether it uses GTIDs or not. Another server's log has the same transactions
 * at other places; a position names its server, so that the two are never taken for each other.
 *
 * @param server the server's {@code @@server_uuid}
 * @param file such as {@code binlog.000012}; the digits behind the last full stop are its number
 * @param offset in bytes; 4 is where a file's first event begins
 * @see <a href="https://dev.mysql.com/doc/refman/8.0/en/binary-log.html">The binary log</a>
 */
public record BinlogPosition(String server, String file, long offset) implements SourcePosition {

    private static final char AT = '@';
    private static final Comparator<BinlogPosition> ORDER =
            Comparator.comparingLong(BinlogPosition::number)
                    .thenComparingLong(BinlogPosition::offset);

    public BinlogPosition {
        if (server.isEmpty() || offset < 0 || !hasNumber(file)) {
            throw new IllegalArgumentException(
                    "not a binary log position: '" + file + ":" + offset + AT + server + "'");
        }
    }

    private static boolean hasNumber(String file) {
        String digits = file.substring(file.lastIndexOf('.') + 1);
        return digits.length() < file.length()
                && !digits.isEmpty()
                && digits.length() <= 18
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /**
     * Reads {@link #text} back.
     *
     * @throws IllegalArgumentException when it is no such position
     */
    public static BinlogPosition parse(String text) {
        int at = text.lastIndexOf(AT);
        int colon = text.lastIndexOf(':', at);
        if (at < 0 || colon < 0) {
            throw new IllegalArgumentException("not a binary log position: '" + text + "'");
        }
        try {
            return new BinlogPosition(
                    text.substring(at + 1),
                    text.substring(0, colon),
                    Long.parseLong(text.substring(colon + 1, at)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a binary log position: '" + text + "'", e);
        }
    }

    static boolean isOne(String text) {
        return text.indexOf(AT) >= 0;
    }

    /** The file's number in the server's row of files. */
    public long number() {
        return Long.parseLong(file.substring(file.lastIndexOf('.') + 1));
    }

    /** {@code FILE:OFFSET@SERVER}. */
    @Override
    public String text() {
        return file + ":" + offset + AT + server;
    }

    @Override
    public int compareTo(SourcePosition other) {
        if (!(other instanceof BinlogPosition position) || !server.equals(position.server)) {
            throw new IllegalArgumentException("cannot compare " + text() + " with " + other);
        }
        return ORDER.compare(this, position);
    }

    @Override
    public String toString() {
        return text();
    }
}
