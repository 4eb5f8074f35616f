package io.landbridge.schema.mysql.digest;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.schema.digest.FrozenTables;
import io.landbridge.schema.digest.TableReader;
import io.landbridge.schema.digest.WholeRows;
import io.landbridge.schema.mysql.MappedTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Tables of MySQL as of one moment: sessions that all opened their snapshot then, since MySQL can't
 * hand a snapshot to a session that comes later. A reader borrows one and gives it back. While they
 * are open the server keeps all old row versions, so close this soon. Thread-safe.
 */
public final class FrozenMysql implements FrozenTables {

    private final Map<TableId, MappedTable> tables;
    private final List<SnapshotSession> all = new ArrayList<>();
    private final Deque<SnapshotSession> idle = new ArrayDeque<>();

    /**
     * Takes over {@code sessions}, each in a transaction of the same snapshot, also when this
     * fails.
     */
    public FrozenMysql(
            MysqlDatabase database, Collection<MappedTable> tables, List<Connection> sessions) {
        this.tables =
                tables.stream()
                        .collect(Collectors.toMap(MappedTable::sourceId, Function.identity()));
        try {
            for (Connection session : sessions) {
                all.add(new SnapshotSession(database, session));
            }
        } catch (SQLException e) {
            for (Connection session : sessions) {
                try {
                    session.close();
                } catch (SQLException unclosed) {
                    e.addSuppressed(unclosed);
                }
            }
            throw database.fault("a snapshot", e);
        }
        idle.addAll(all);
    }

    @Override
    public TableReader reader() {
        return new MysqlTableReader(borrowed(), tables, this::giveBack);
    }

    @Override
    public WholeRows wholeRows() {
        return new MysqlWholeRows(borrowed(), tables, this::giveBack);
    }

    private synchronized SnapshotSession borrowed() {
        SnapshotSession session = idle.poll();
        if (session == null) {
            throw new IllegalStateException(
                    "more than " + all.size() + " readers of one snapshot at a time");
        }
        return session;
    }

    private synchronized void giveBack(SnapshotSession session) {
        idle.push(session);
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        for (SnapshotSession session : all) {
            try {
                session.close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
