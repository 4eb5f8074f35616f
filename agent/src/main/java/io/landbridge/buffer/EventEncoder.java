package io.landbridge.buffer;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import java.time.Instant;
import java.util.function.ToIntFunction;

/**
 * Source events as bytes; {@link EventDecoder} is the other half. One byte says what it is; row
 * values follow each other in the layout's order, each as one number: 0 NULL, 1 UNCHANGED, else its
 * length in UTF-8 plus 2, then its bytes. The layout itself is named by a number.
 */
final class EventEncoder {

    static final byte BEGIN = 1;
    static final byte MARKER = 2;
    static final byte COMMIT = 3;
    static final byte ABANDONED = 4;
    static final byte TABLE_END = 5;
    static final byte INSERT = 0x10;
    static final byte UPDATE = 0x11;
    static final byte UPDATE_WITH_BEFORE = 0x12;
    static final byte DELETE = 0x13;
    static final byte TRUNCATE = 0x14;

    static final int NULL = 0;
    static final int UNCHANGED = 1;
    static final int TEXT = 2;

    /** Characters that are put between two looks at whether the excerpt is full. */
    private static final int STRIDE = 16 << 10;

    private final ByteSink out;
    private final ToIntFunction<TableLayout> layouts;
    private final Piece piece;

    /** Called between the pieces of an event that is too large for one excerpt. */
    interface Piece {
        /** May write out what stands in the sink and empty it. */
        void between() throws InterruptedException;
    }

    /**
     * @param layouts gives the number that names a layout
     */
    EventEncoder(ByteSink out, ToIntFunction<TableLayout> layouts, Piece piece) {
        this.out = out;
        this.layouts = layouts;
        this.piece = piece;
    }

    /** Bytes that {@code event} takes at most. */
    static long bound(SourceEvent event) {
        if (event instanceof Change change) {
            return 64 + 3L * (weight(change.before()) + weight(change.after()));
        }
        if (event instanceof SourceEvent.Marker marker) {
            return 64 + 3L * (marker.prefix().length() + (long) marker.content().length());
        }
        if (event instanceof SourceEvent.TableEnd end) {
            return 64
                    + 3L
                            * (end.table().toString().length()
                                    + end.code().length()
                                    + end.reason().length());
        }
        if (event instanceof SourceEvent.Begin begin) {
            return 256 + 3L * (begin.transactionId().length() + length(begin.previous()));
        }
        return 256
                + 3L * (event instanceof SourceEvent.Commit commit ? length(commit.position()) : 0);
    }

    private static long length(SourcePosition position) {
        return position == null || position instanceof Lsn ? 9 : position.text().length();
    }

    private static long weight(RowImage image) {
        return image == null ? 0 : image.weight();
    }

    /**
     * Puts {@code event} into the sink.
     *
     * @throws Fault VALUE_UNSUPPORTED when a text is not valid Unicode or too long
     * @throws InterruptedException only out of {@link Piece#between}
     */
    void encode(SourceEvent event) throws InterruptedException {
        if (event instanceof Change change) {
            change(change);
        } else if (event instanceof SourceEvent.Begin begin) {
            out.putByte(BEGIN);
            out.putPosition(begin.previous());
            text(begin.transactionId(), null, 0);
        } else if (event instanceof SourceEvent.Commit commit) {
            out.putByte(COMMIT);
            out.putPosition(commit.position());
            Instant committedAt = commit.committedAt();
            out.putLong(committedAt.getEpochSecond());
            out.putInt(committedAt.getNano());
            out.putVarint(commit.changes());
        } else if (event instanceof SourceEvent.Marker marker) {
            out.putByte(MARKER);
            text(marker.prefix(), null, 0);
            text(marker.content(), null, 0);
        } else if (event instanceof SourceEvent.TableEnd end) {
            out.putByte(TABLE_END);
            text(end.table().schema(), null, 0);
            text(end.table().name(), null, 0);
            text(end.code(), null, 0);
            text(end.reason(), null, 0);
        } else {
            out.putByte(ABANDONED);
        }
    }

    private void change(Change change) throws InterruptedException {
        int layout = layouts.applyAsInt(change.layout());
        out.putByte(code(change));
        out.putVarint(layout);
        image(change, change.before());
        image(change, change.after());
    }

    private static byte code(Change change) {
        Operation operation = change.operation();
        return switch (operation) {
            case INSERT -> INSERT;
            case UPDATE -> change.before() == null ? UPDATE : UPDATE_WITH_BEFORE;
            case DELETE -> DELETE;
            case TRUNCATE -> TRUNCATE;
        };
    }

    private void image(Change change, RowImage image) throws InterruptedException {
        if (image == null) {
            return;
        }
        int columns = change.layout().columns().size();
        if (image.size() != columns) {
            throw new IllegalArgumentException(
                    change.table() + " has " + columns + " columns, its image " + image.size());
        }
        for (int i = 0; i < columns; i++) {
            if (image.isUnchanged(i)) {
                out.putVarint(UNCHANGED);
            } else if (image.isNull(i)) {
                out.putVarint(NULL);
            } else {
                text(image.text(i), change, i);
            }
            piece.between();
        }
    }

    private void text(String text, Change change, int column) throws InterruptedException {
        int length = text.length();
        if (length <= STRIDE) {
            int before = out.size();
            out.putVarint(length + TEXT);
            if (out.putAscii(text, 0, length)) {
                return;
            }
            out.cutTo(before);
        }
        long bytes = ByteSink.utf8Length(text);
        if (bytes < 0 || bytes > Integer.MAX_VALUE - 16) {
            throw unsupported(bytes, change, column);
        }
        out.putVarint(bytes + TEXT);
        for (int from = 0; from < length; ) {
            int to = Math.min(length, from + STRIDE);
            if (to < length && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            out.putUtf8(text, from, to);
            from = to;
            piece.between();
        }
    }

    private static Fault unsupported(long bytes, Change change, int column) {
        String what = bytes < 0 ? "is not valid Unicode" : "takes more than 2 GB";
        if (change == null) {
            return Fault.of(FaultCode.VALUE_UNSUPPORTED, "a text that is no row's " + what);
        }
        TableId table = change.table();
        return Fault.of(
                        FaultCode.VALUE_UNSUPPORTED,
                        "a value of column '" + change.layout().columns().get(column) + "' " + what)
                .in(table)
                .hint("correct the row at the source, or leave its table out");
    }
}
