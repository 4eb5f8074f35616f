package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;

/**
 * Locks many tables against writers, in an order that is learned.
 *
 * <p>Transactions that write to table P and then to table A can starve whoever locks A and then P
 * for ever: each of them stands in front of P and behind A. So the table that was waited for in
 * vain is the first one next time: its writers then pass through the tables that are not locked
 * yet, and end. Names give the order to begin with.
 */
final class TableLocks {

    private static final String AWAITED =
            """
            SELECT n.nspname, c.relname
            FROM pg_locks l
            JOIN pg_class c ON c.oid = l.relation
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE l.pid = ? AND NOT l.granted""";

    private final Database database;
    private final List<TableId> order;

    TableLocks(Database database, Collection<TableId> tables) {
        this.database = database;
        this.order = new ArrayList<>(tables);
    }

    /**
     * Locks all tables until the transaction's end.
     *
     * @param timeout for all of them together: what comes to write meanwhile waits behind us
     */
    void take(Connection connection, Duration timeout) throws SQLException {
        int pid = connection.unwrap(PGConnection.class).getBackendPID();
        try (Statement locks = connection.createStatement()) {
            for (TableId table : order) {
                locks.addBatch(
                        "LOCK TABLE ONLY " + Sql.quote(table) + " IN SHARE ROW EXCLUSIVE MODE");
            }
            Deadline.within(timeout, locks, () -> learn(pid), locks::executeBatch);
        }
    }

    /** Asked just before giving up: with the transaction its locks go, and what it waits for. */
    private void learn(int pid) {
        database.with("asking what a lock waits for", connection -> awaited(connection, pid))
                .filter(order::remove)
                .ifPresent(table -> order.add(0, table));
    }

    private static Optional<TableId> awaited(Connection connection, int pid) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(AWAITED)) {
            select.setInt(1, pid);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new TableId(row.getString(1), row.getString(2)))
                        : Optional.empty();
            }
        }
    }
}
