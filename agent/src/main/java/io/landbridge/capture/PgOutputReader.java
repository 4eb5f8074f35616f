package io.landbridge.capture;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.Lsn;
import io.landbridge.schema.Table;
import io.landbridge.source.PostgresLog;
import io.landbridge.source.SourceLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns pgoutput's messages into source events, one stream from its start on. Values stay the text
 * that the source printed.
 *
 * <p>Drops transactions that are covered already, tables that are not captured, and transactions in
 * which nothing is left: {@link SourceEvent.Begin} is given out with the first event behind it.
 *
 * <p>Owned by one thread.
 *
 * @see <a href="https://www.postgresql.org/docs/17/protocol-logicalrep-message-formats.html">the
 *     messages</a>
 */
final class PgOutputReader {

    /** Where events go. */
    interface Sink {
        void accept(SourceEvent event) throws InterruptedException;
    }

    /** PostgreSQL counts microseconds from the year 2000. */
    private static final long EPOCH_SECONDS = 946_684_800L;

    private static final TableId SIGNAL =
            new TableId(PostgresLog.SIGNAL_SCHEMA, PostgresLog.SIGNAL_TABLE);
    private static final int NO_SIGNAL = -1;

    private final Map<TableId, Table> tables;
    private final Sink sink;
    private final Map<Integer, Relation> byOid = new HashMap<>();
    private int signalOid = NO_SIGNAL;
    private int signalContent;

    private final Lsn covered;
    private Lsn previous;
    private Lsn position;
    private Instant committedAt;

    private boolean dropped;
    private boolean begun;
    private String transactionId;
    private long changes;

    /**
     * @param tables what is captured, by name
     * @param covered transactions that end at or before it are dropped; it is where the first one
     *     given out follows on
     */
    PgOutputReader(Map<TableId, Table> tables, Lsn covered, Sink sink) {
        this.tables = tables;
        this.sink = sink;
        this.covered = covered;
        this.previous = covered;
        this.position = covered;
    }

    /** The end of the last transaction read to its end, given out or not. */
    Lsn position() {
        return position;
    }

    /** When the transaction at {@link #position} was committed; empty before the first. */
    Optional<Instant> committedAt() {
        return Optional.ofNullable(committedAt);
    }

    /** Reads one message, which starts at {@code in}'s position. */
    void read(ByteBuffer in) throws InterruptedException {
        switch (in.get()) {
            case 'B' -> begin(in);
            case 'C' -> commit(in);
            case 'R' -> relation(in);
            case 'I' -> insert(in);
            case 'U' -> update(in);
            case 'D' -> delete(in);
            case 'T' -> truncate(in);
            case 'M' -> marker(in);
            case 'Y', 'O' -> {
                // Types and origins tell nothing that a text value or its relation doesn't.
            }
            default -> throw new IllegalStateException("an unknown message in the stream");
        }
    }

    private void begin(ByteBuffer in) {
        // The commit record's start: it lies before a position exactly when its end does not lie
        // behind it, since positions are ends of records.
        Lsn commitStart = new Lsn(in.getLong());
        in.getLong();
        transactionId = Integer.toUnsignedString(in.getInt());
        dropped = commitStart.compareTo(covered) < 0;
        begun = false;
        changes = 0;
    }

    private void commit(ByteBuffer in) throws InterruptedException {
        in.get();
        in.getLong();
        Lsn end = new Lsn(in.getLong());
        Instant at = instant(in.getLong());
        if (begun) {
            sink.accept(new SourceEvent.Commit(end, at, changes));
            previous = end;
            begun = false;
        }
        position = end;
        committedAt = at;
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                EPOCH_SECONDS + Math.floorDiv(micros, 1_000_000L),
                Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    private void relation(ByteBuffer in) {
        int oid = in.getInt();
        String schema = string(in);
        TableId name = new TableId(schema.isEmpty() ? "pg_catalog" : schema, string(in));
        boolean full = in.get() == 'f';
        int count = in.getShort();
        List<Relation.Member> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean identity = (in.get() & 1) != 0;
            members.add(new Relation.Member(string(in), identity));
            in.getLong();
        }
        byOid.remove(oid);
        if (name.equals(SIGNAL)) {
            signalOid = oid;
            signalContent = members.stream().map(Relation.Member::name).toList().indexOf("content");
            return;
        }
        Table table = tables.get(name);
        if (table != null && count > 0) {
            byOid.put(oid, Relation.of(table, members, full));
        }
    }

    private void insert(ByteBuffer in) throws InterruptedException {
        int oid = in.getInt();
        if (oid == signalOid) {
            in.get();
            give(new SourceEvent.Marker(SourceLog.PREFIX, tuple(in)[signalContent]));
            return;
        }
        Relation relation = byOid.get(oid);
        if (relation == null || dropped) {
            return;
        }
        in.get();
        give(new Change(relation.layout(), Operation.INSERT, null, RowImage.of(tuple(in))));
    }

    private void update(ByteBuffer in) throws InterruptedException {
        Relation relation = byOid.get(in.getInt());
        if (relation == null || dropped) {
            return;
        }
        byte kind = in.get();
        RowImage before = null;
        if (kind != 'N') {
            before = old(relation, kind, in);
            in.get();
        }
        RowImage after = RowImage.of(tuple(in));
        if (before != null) {
            after = after.over(before);
        }
        refuseUnknownKey(relation, after);
        give(new Change(relation.layout(), Operation.UPDATE, before, after));
    }

    /**
     * Minor releases before February 2022 leave a key's value out of the log when it is stored out
     * of line and did not change: then nothing tells which row it was.
     */
    private void refuseUnknownKey(Relation relation, RowImage after) {
        for (int column : relation.layout().key()) {
            if (after.isUnchanged(column)) {
                throw Fault.of(
                                FaultCode.VALUE_UNSUPPORTED,
                                "the log names no value for key column "
                                        + relation.layout().columns().get(column))
                        .in(relation.layout().table())
                        .hint(
                                "update the source to its newest minor release, or set REPLICA"
                                        + " IDENTITY FULL on this table; then start anew");
            }
        }
    }

    private void delete(ByteBuffer in) throws InterruptedException {
        Relation relation = byOid.get(in.getInt());
        if (relation == null || dropped) {
            return;
        }
        RowImage before = old(relation, in.get(), in);
        give(new Change(relation.layout(), Operation.DELETE, before, null));
    }

    private static RowImage old(Relation relation, byte kind, ByteBuffer in) {
        String[] values = tuple(in);
        return kind == 'K' ? relation.keyImage(values) : RowImage.of(values);
    }

    private void truncate(ByteBuffer in) throws InterruptedException {
        int count = in.getInt();
        in.get();
        if (dropped) {
            return;
        }
        for (int i = 0; i < count; i++) {
            Relation relation = byOid.get(in.getInt());
            if (relation != null) {
                give(new Change(relation.layout(), Operation.TRUNCATE, null, null));
            }
        }
    }

    private void marker(ByteBuffer in) throws InterruptedException {
        boolean transactional = in.get() == 1;
        if (!transactional) {
            return;
        }
        in.getLong();
        String prefix = string(in);
        give(new SourceEvent.Marker(prefix, text(in, in.getInt())));
    }

    private void give(SourceEvent event) throws InterruptedException {
        if (dropped) {
            return;
        }
        if (!begun) {
            sink.accept(new SourceEvent.Begin(transactionId, previous));
            begun = true;
        }
        sink.accept(event);
        if (event instanceof Change) {
            changes++;
        }
    }

    private static String[] tuple(ByteBuffer in) {
        String[] values = new String[in.getShort()];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    switch (in.get()) {
                        case 't' -> text(in, in.getInt());
                        case 'n' -> null;
                        case 'u' -> RowImage.unchanged();
                        default -> throw new IllegalStateException("an unknown kind of value");
                    };
        }
        return values;
    }

    /** The stream is in UTF-8: the driver asks every connection for it. */
    private static String text(ByteBuffer in, int length) {
        String text =
                new String(
                        in.array(),
                        in.arrayOffset() + in.position(),
                        length,
                        StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return text;
    }

    private static String string(ByteBuffer in) {
        int start = in.position();
        int end = start;
        while (in.get(end) != 0) {
            end++;
        }
        String string = text(in, end - start);
        in.get();
        return string;
    }
}
