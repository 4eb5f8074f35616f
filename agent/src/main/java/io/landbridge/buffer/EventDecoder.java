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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.IntFunction;

/**
 * Reads what {@link EventEncoder} wrote, event after event out of an excerpt's bytes. An event that
 * goes on in the next excerpt is followed there. Owned by one thread.
 */
final class EventDecoder {

    private final IntFunction<TableLayout> layouts;
    private final Next next;

    private byte[] bytes = new byte[0];
    private int at;
    private int end;

    /** Where the bytes go on inside an event. */
    interface Next {
        /** Gives the next excerpt to {@link EventDecoder#over}, or throws. */
        void load();
    }

    /**
     * @param layouts gives the layout that a change names
     */
    EventDecoder(IntFunction<TableLayout> layouts, Next next) {
        this.layouts = layouts;
        this.next = next;
    }

    /** Goes on with bytes {@code from} to {@code to} of {@code source}. */
    void over(byte[] source, int from, int to) {
        bytes = source;
        at = from;
        end = to;
    }

    boolean hasMore() {
        return at < end;
    }

    /** Where in the excerpt's bytes the next event begins. */
    int offset() {
        return at;
    }

    SourceEvent decode() {
        byte code = take();
        return switch (code) {
            case EventEncoder.BEGIN -> {
                SourcePosition previous = position();
                yield new SourceEvent.Begin(text(), previous);
            }
            case EventEncoder.COMMIT -> {
                SourcePosition position = position();
                Instant committedAt = Instant.ofEpochSecond(takeLong(), takeInt());
                yield new SourceEvent.Commit(position, committedAt, varint());
            }
            case EventEncoder.MARKER -> {
                String prefix = text();
                yield new SourceEvent.Marker(prefix, text());
            }
            case EventEncoder.TABLE_END -> {
                TableId table = new TableId(text(), text());
                yield new SourceEvent.TableEnd(table, text(), text());
            }
            case EventEncoder.ABANDONED -> new SourceEvent.Abandoned();
            default -> change(code);
        };
    }

    private Change change(byte code) {
        TableLayout layout = layouts.apply(length());
        int columns = layout.columns().size();
        return switch (code) {
            case EventEncoder.INSERT -> new Change(layout, Operation.INSERT, null, image(columns));
            case EventEncoder.UPDATE -> new Change(layout, Operation.UPDATE, null, image(columns));
            case EventEncoder.UPDATE_WITH_BEFORE -> {
                RowImage before = image(columns);
                yield new Change(layout, Operation.UPDATE, before, image(columns));
            }
            case EventEncoder.DELETE -> new Change(layout, Operation.DELETE, image(columns), null);
            case EventEncoder.TRUNCATE -> new Change(layout, Operation.TRUNCATE, null, null);
            default -> throw new IllegalStateException("no event has code " + code);
        };
    }

    private RowImage image(int columns) {
        String[] values = new String[columns];
        for (int i = 0; i < columns; i++) {
            int tag = length();
            values[i] =
                    switch (tag) {
                        case EventEncoder.NULL -> null;
                        case EventEncoder.UNCHANGED -> RowImage.unchanged();
                        default -> text(tag - EventEncoder.TEXT);
                    };
        }
        return RowImage.of(values);
    }

    private String text() {
        return text(length() - EventEncoder.TEXT);
    }

    private String text(int length) {
        if (length <= end - at) {
            String text = new String(bytes, at, length, StandardCharsets.UTF_8);
            at += length;
            return text;
        }
        return gathered(length);
    }

    /** A text that lies in several excerpts. Takes its length twice on the heap for a moment. */
    private String gathered(int length) {
        try {
            byte[] whole = new byte[length];
            for (int filled = 0; filled < length; ) {
                int now = Math.min(length - filled, more());
                System.arraycopy(bytes, at, whole, filled, now);
                at += now;
                filled += now;
            }
            return new String(whole, StandardCharsets.UTF_8);
        } catch (OutOfMemoryError e) {
            throw Fault.of(
                            FaultCode.VALUE_UNSUPPORTED,
                            "a value of " + length + " bytes does not fit the agent's memory",
                            e)
                    .hint("start the agent with a larger heap (-Xmx), several times the value");
        }
    }

    /** Bytes at hand, at least one. */
    private int more() {
        if (at == end) {
            next.load();
        }
        return end - at;
    }

    private byte take() {
        if (at == end) {
            next.load();
        }
        return bytes[at++];
    }

    private int length() {
        return (int) varint();
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = take();
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    /** Fixed-width numbers and positions are never cut: events that have them are never large. */
    private long takeLong() {
        long value = ByteBuffer.wrap(bytes).getLong(at);
        at += Long.BYTES;
        return value;
    }

    private int takeInt() {
        int value = ByteBuffer.wrap(bytes).getInt(at);
        at += Integer.BYTES;
        return value;
    }

    private SourcePosition position() {
        byte kind = take();
        return switch (kind) {
            case 0 -> null;
            case ByteSink.POSITION_LSN -> new Lsn(takeLong());
            default -> SourcePosition.parse(text(takeInt()));
        };
    }
}
