package io.landbridge.capture.binlog;

import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.QueryEventData;
import com.github.shyiko.mysql.binlog.event.RotateEventData;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer.EventDataWrapper;
import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.BinlogPosition;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.source.MysqlLog;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Turns the log's events into source events, one stream from its start on. Values get the canonical
 * text of their {@link io.landbridge.schema.mysql.Form}, so that nobody behind this knows that they
 * came from MySQL.
 *
 * <p>Drops what is covered already, tables that are not captured, and transactions in which nothing
 * is left. A table that can't be followed on gets a {@link SourceEvent.TableEnd} in place of what
 * could not be read, and nothing after that.
 *
 * <p>Owned by one thread.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_replication_binlog_event.html">the
 *     events</a>
 */
final class BinlogReader {

    /** Where events go. */
    interface Sink {
        void accept(SourceEvent event) throws InterruptedException;
    }

    private static final long WRAP = 1L << 32;
    private static final long LOW = WRAP - 1;
    private static final int TABLE_ID_BYTES = 6;

    /** An event's flag: who doesn't know it loses nothing by that. */
    private static final int IGNORABLE = 0x80;

    private final Map<TableId, MappedTable> tables;
    private final Charsets charsets;
    private final SignalRows signals;
    private final Sink sink;
    private final BinlogPosition covered;
    private final TableGrowth growth;
    private final OldRows oldRows;

    /** By the number that the log gives them; null for tables that are not followed. */
    private final Map<Long, LoggedTable> announced = new HashMap<>();

    private final Set<TableId> ended = new HashSet<>();

    private String file;
    private long offset;
    private BinlogPosition previous;
    private BinlogPosition position;
    private Instant committedAt;

    private BinlogPosition beginning;
    private Instant exactTime;
    private boolean open;
    private boolean begun;
    private long changes;

    /**
     * @param tables what is captured, by name
     * @param growth asked when a table gets columns
     * @param covered transactions that begin before it are dropped; it is where the first one given
     *     out follows on
     */
    BinlogReader(
            Map<TableId, MappedTable> tables,
            boolean caseless,
            Charsets charsets,
            SignalRows signals,
            BinlogPosition covered,
            TableGrowth growth,
            OldRows oldRows,
            Sink sink) {
        this.growth = growth;
        this.oldRows = oldRows;
        this.tables = byName(tables, caseless);
        this.charsets = charsets;
        this.signals = signals;
        this.sink = sink;
        this.covered = covered;
        this.previous = covered;
        this.position = covered;
        this.file = covered.file();
        this.offset = covered.offset();
    }

    /** Statements may spell names as they like where the server doesn't tell cases apart. */
    private static Map<TableId, MappedTable> byName(
            Map<TableId, MappedTable> tables, boolean caseless) {
        if (!caseless) {
            return new HashMap<>(tables);
        }
        Map<TableId, MappedTable> found = new TreeMap<>((a, b) -> lower(a).compareTo(lower(b)));
        found.putAll(tables);
        return found;
    }

    private static TableId lower(TableId id) {
        return new TableId(
                id.schema().toLowerCase(Locale.ROOT), id.name().toLowerCase(Locale.ROOT));
    }

    /** The end of the last transaction read to its end, given out or not. */
    BinlogPosition position() {
        return position;
    }

    /** When the transaction at {@link #position} was committed; empty before the first. */
    Optional<Instant> committedAt() {
        return Optional.ofNullable(committedAt);
    }

    /**
     * Reads one event.
     *
     * @return whether it ended a transaction
     */
    boolean read(Event event) throws InterruptedException {
        EventHeaderV4 header = event.getHeader();
        EventData data = EventDataWrapper.internal(event.getData());
        if (header.getEventType() == EventType.ROTATE) {
            RotateEventData rotate = (RotateEventData) data;
            file = rotate.getBinlogFilename();
            offset = rotate.getBinlogPosition();
            announced.clear();
            return false;
        }
        advance(header);
        BinlogPosition before = position;
        read(header.getEventType(), header, data);
        return !position.equals(before);
    }

    /** The header holds the lower 32 bits; made-up events, which the server sends first, hold 0. */
    private void advance(EventHeaderV4 header) {
        long next = header.getNextPosition() & LOW;
        if (next == 0 || header.getEventType() == EventType.HEARTBEAT) {
            return;
        }
        long whole = (offset & ~LOW) | next;
        offset = whole < offset ? whole + WRAP : whole;
    }

    private void read(EventType type, EventHeaderV4 header, EventData data)
            throws InterruptedException {
        switch (type) {
            case GTID, ANONYMOUS_GTID, GTID_TAGGED -> begin(header, data);
            case MARIADB_GTID -> {
                begin(header, data);
                open = MariadbGtid.opensTransaction(RawEventData.bytesOf(data));
            }
            case QUERY -> statement((QueryEventData) data, header);
            case TABLE_MAP -> announce((TableMapEventData) data);
            case PRE_GA_WRITE_ROWS,
                    PRE_GA_UPDATE_ROWS,
                    PRE_GA_DELETE_ROWS,
                    PARTIAL_UPDATE_ROWS_EVENT ->
                    refuse("the log has rows in a form that this version can't read: " + type);
            case WRITE_ROWS, UPDATE_ROWS, DELETE_ROWS -> rows(type, data, false);
            case EXT_WRITE_ROWS, EXT_UPDATE_ROWS, EXT_DELETE_ROWS -> rows(type, data, true);
            case XID -> commit(header);
            case XA_PREPARE -> distributed();
            case TRANSACTION_PAYLOAD -> payload(header, data);
            case UNKNOWN -> {
                if ((header.getFlags() & IGNORABLE) == 0) {
                    refuse(
                            "the log has an event of a kind that this version can't read:"
                                    + " compressed ones are (log_bin_compress)");
                }
            }
            case INCIDENT ->
                    throw Fault.of(
                                    FaultCode.SOURCE_GAP,
                                    "the source says that its log has a hole (an incident event)")
                            .at(position)
                            .hint("start the migration anew");
            default -> {
                // Formats, checksums, heartbeats, the text of a query: nothing that changes a row.
            }
        }
    }

    private void begin(EventHeaderV4 header, EventData data) {
        beginning = at(offset - header.getEventLength());
        exactTime = CommitTime.of(data).orElse(null);
        begun = false;
        open = false;
        changes = 0;
    }

    private BinlogPosition at(long place) {
        return new BinlogPosition(covered.server(), file, place);
    }

    private boolean isDropped() {
        return beginning == null || beginning.compareTo(covered) < 0;
    }

    private void commit(EventHeaderV4 header) throws InterruptedException {
        BinlogPosition end = at(offset);
        Instant at = exactTime == null ? Instant.ofEpochMilli(header.getTimestamp()) : exactTime;
        if (begun) {
            sink.accept(new SourceEvent.Commit(end, at, changes));
            previous = end;
            begun = false;
        }
        open = false;
        position = end;
        committedAt = at;
    }

    private void statement(QueryEventData query, EventHeaderV4 header) throws InterruptedException {
        LoggedStatement statement = LoggedStatement.of(query.getSql(), query.getDatabase());
        switch (statement.effect()) {
            case BEGIN -> open = true;
            case COMMIT -> commit(header);
            case ROLLBACK -> rollback(header);
            case DISTRIBUTED -> {
                if (!open) {
                    // XA COMMIT and XA ROLLBACK stand alone; START opens like BEGIN.
                    open = query.getSql().toUpperCase(Locale.ROOT).startsWith("XA START");
                    if (!open) {
                        commit(header);
                    }
                }
            }
            case NONE -> {
                if (!isDropped()) {
                    signals.read(query.getSql(), this::give);
                }
                selfCommitting(header);
            }
            case TRUNCATE -> {
                for (TableId id : statement.tables()) {
                    truncate(id);
                }
                selfCommitting(header);
            }
            case ALTER, ROWS -> {
                if (!isFollowed(statement)) {
                    end(statement, query.getSql());
                }
                selfCommitting(header);
            }
        }
    }

    /** Outside BEGIN and COMMIT a statement is a transaction of its own. */
    private void selfCommitting(EventHeaderV4 header) throws InterruptedException {
        if (!open) {
            commit(header);
        }
    }

    /** Only with tables that know no transactions: what the others wrote is void. */
    private void rollback(EventHeaderV4 header) throws InterruptedException {
        if (begun) {
            throw Fault.of(
                            FaultCode.VALUE_UNSUPPORTED,
                            "the log has rows of a transaction that was rolled back: it wrote to a"
                                    + " table whose engine knows no transactions, too")
                    .at(position)
                    .hint("start the migration anew; convert such tables to InnoDB before");
        }
        commit(header);
    }

    private void truncate(TableId name) throws InterruptedException {
        MappedTable table = tables.get(name);
        if (table == null || isDropped() || ended.contains(table.sourceId())) {
            return;
        }
        give(new Change(LoggedTable.layout(table), Operation.TRUNCATE, null, null));
    }

    /** Whether a table got columns, and is read with them from here on. */
    private boolean isFollowed(LoggedStatement statement) {
        if (statement.added().isEmpty() || isDropped()) {
            return false;
        }
        TableId name = statement.tables().get(0);
        MappedTable before = tables.get(name);
        if (before == null || ended.contains(before.sourceId())) {
            return false;
        }
        Optional<MappedTable> after = growth.added(before.sourceId(), statement.added());
        after.ifPresent(table -> tables.put(name, table));
        return after.isPresent();
    }

    private void end(LoggedStatement statement, String sql) throws InterruptedException {
        if (isDropped()) {
            return;
        }
        boolean rows = statement.effect() == LoggedStatement.Effect.ROWS;
        String reason =
                rows
                        ? "a session logs statements instead of rows (binlog_format)"
                        : "the source ran: " + (sql.length() > 500 ? sql.substring(0, 500) : sql);
        for (MappedTable table : tables.values()) {
            TableId id = table.sourceId();
            boolean meant =
                    statement.tables().stream().anyMatch(name -> table.equals(tables.get(name)))
                            || statement.database().filter(id.schema()::equals).isPresent();
            if (meant) {
                end(id, FaultCode.SOURCE_DDL, reason);
            }
        }
    }

    private void end(TableId table, FaultCode code, String reason) throws InterruptedException {
        if (ended.add(table)) {
            give(new SourceEvent.TableEnd(table, code.name(), reason));
            announced.values().removeIf(known -> known != null && isOf(known, table));
        }
    }

    private static boolean isOf(LoggedTable known, TableId table) {
        return known.layout().table().equals(table);
    }

    private void announce(TableMapEventData map) throws InterruptedException {
        long number = map.getTableId();
        announced.remove(number);
        TableId name = new TableId(map.getDatabase(), map.getTable());
        if (name.equals(MysqlLog.SIGNAL)) {
            signals.announce(map);
            return;
        }
        MappedTable table = tables.get(name);
        if (table == null || isDropped() || ended.contains(table.sourceId())) {
            return;
        }
        try {
            announced.put(number, LoggedTable.of(map, table, growth.follows(), charsets));
        } catch (Unreadable e) {
            end(table.sourceId(), e.code(), e.getMessage());
        }
    }

    private void rows(EventType type, EventData data, boolean extended)
            throws InterruptedException {
        if (isDropped()) {
            return;
        }
        Bytes in = new Bytes(RawEventData.bytesOf(data));
        long number = in.little(TABLE_ID_BYTES);
        boolean signal = signals.isAnnounced(number);
        LoggedTable table = announced.get(number);
        if (table == null && !signal) {
            return;
        }
        in.skip(2);
        if (extended) {
            in.skip(in.little(2) - 2);
        }
        int columns = (int) in.packed();
        int before = in.position();
        in.skip((columns + 7) / 8);
        int after = before;
        boolean update = type == EventType.UPDATE_ROWS || type == EventType.EXT_UPDATE_ROWS;
        if (update) {
            after = in.position();
            in.skip((columns + 7) / 8);
        }
        if (signal) {
            signals.read(in, after, update, this::give);
            return;
        }
        try {
            while (in.hasMore()) {
                give(change(type, table, in, before, after));
            }
        } catch (Unreadable e) {
            end(table.layout().table(), e.code(), e.getMessage());
        }
    }

    private Change change(EventType type, LoggedTable table, Bytes in, int before, int after) {
        return switch (type) {
            case WRITE_ROWS, EXT_WRITE_ROWS ->
                    new Change(table.layout(), Operation.INSERT, null, table.image(in, before));
            case DELETE_ROWS, EXT_DELETE_ROWS ->
                    new Change(table.layout(), Operation.DELETE, table.image(in, before), null);
            default -> update(table, table.image(in, before), table.image(in, after));
        };
    }

    /** To write the new row, the old one says nothing more as long as the key stayed. */
    private Change update(LoggedTable table, RowImage before, RowImage after) {
        boolean spare =
                oldRows == OldRows.WHERE_NEEDED
                        && table.layout().hasKey()
                        && table.layout().keyOf(before).equals(table.layout().keyOf(after));
        return new Change(table.layout(), Operation.UPDATE, spare ? null : before, after);
    }

    /** A prepared transaction's rows stand here, its verdict somewhere behind. */
    private void distributed() {
        if (begun) {
            refuse("the log has an XA transaction, whose end stands elsewhere");
        }
        open = false;
    }

    private static void refuse(String what) {
        throw Fault.of(FaultCode.VALUE_UNSUPPORTED, what)
                .hint(
                        "run 'landbridge assess', change what it says at the source, and start the"
                                + " migration anew");
    }

    /** A compressed transaction: its events have no places of their own. */
    private void payload(EventHeaderV4 header, EventData data) throws InterruptedException {
        Payload payload = new Payload(RawEventData.bytesOf(data));
        for (Event inner = payload.next(); inner != null; inner = payload.next()) {
            EventHeaderV4 own = inner.getHeader();
            EventType type = own.getEventType();
            read(type, type == EventType.XID ? header : own, inner.getData());
        }
    }

    private void give(SourceEvent event) throws InterruptedException {
        if (isDropped()) {
            return;
        }
        if (!begun) {
            sink.accept(new SourceEvent.Begin(beginning.text(), previous));
            begun = true;
        }
        sink.accept(event);
        if (event instanceof Change) {
            changes++;
        }
    }
}
