package io.landbridge.load;

import io.landbridge.change.TableId;
import io.landbridge.source.KeyRange;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * The plan of the load and how far it is carried out: rows of {@code landbridge.chunk} at the
 * target. A chunk is marked done in the transaction of its rows, so that after a crash of anybody
 * both are there or neither.
 *
 * <p>Stateless; the caller owns connections and transactions.
 */
final class ChunkStore {

    private final String migration;

    ChunkStore(String migration) {
        this.migration = migration;
    }

    /**
     * What is planned and done of a table.
     *
     * @param planRows rows its chunks should have, about
     * @param planBytes bytes they should have on the source's disk, about
     * @param donePlanBytes the same of those that are done
     * @param rows copied
     * @param bytes of COPY data copied
     */
    record Totals(
            int chunks,
            int done,
            long planRows,
            long planBytes,
            long donePlanBytes,
            long rows,
            long bytes) {}

    /** Makes the table when it is absent; its schema {@code landbridge} must exist. */
    static void createTable(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE TABLE IF NOT EXISTS landbridge.chunk (
                      migration text NOT NULL,
                      id bigint NOT NULL,
                      table_schema text NOT NULL,
                      table_name text NOT NULL,
                      relation_schema text NOT NULL,
                      relation_name text NOT NULL,
                      relation_only boolean NOT NULL,
                      lower_bound text[],
                      upper_bound text[],
                      plan_rows bigint NOT NULL,
                      plan_bytes bigint NOT NULL,
                      rows bigint,
                      bytes bigint,
                      done_at timestamptz,
                      PRIMARY KEY (migration, id)
                    ) WITH (fillfactor = 70)""");
        }
    }

    /** Adds chunks that are not done. */
    void insert(Connection connection, List<Chunk> chunks) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO landbridge.chunk (migration, id, table_schema, table_name,"
                                + " relation_schema, relation_name, relation_only, lower_bound,"
                                + " upper_bound, plan_rows, plan_bytes)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (Chunk chunk : chunks) {
                insert.setString(1, migration);
                insert.setLong(2, chunk.id());
                insert.setString(3, chunk.table().schema());
                insert.setString(4, chunk.table().name());
                insert.setString(5, chunk.relation().schema());
                insert.setString(6, chunk.relation().name());
                insert.setBoolean(7, chunk.only());
                setBound(insert, 8, chunk.range().lower());
                setBound(insert, 9, chunk.range().upper());
                insert.setLong(10, chunk.rows());
                insert.setLong(11, chunk.bytes());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void setBound(PreparedStatement insert, int at, Optional<List<String>> bound)
            throws SQLException {
        if (bound.isEmpty()) {
            insert.setNull(at, Types.ARRAY);
        } else {
            insert.setArray(
                    at, insert.getConnection().createArrayOf("text", bound.get().toArray()));
        }
    }

    /** The id that a further chunk may take. */
    long nextId(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT coalesce(max(id), 0) + 1 FROM landbridge.chunk"
                                + " WHERE migration = ?")) {
            select.setString(1, migration);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Chunks that are still to be copied, in the order of work. */
    List<Chunk> undone(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT id, table_schema, table_name, relation_schema, relation_name,"
                                + " relation_only, lower_bound, upper_bound, plan_rows, plan_bytes"
                                + " FROM landbridge.chunk"
                                + " WHERE migration = ? AND done_at IS NULL ORDER BY id")) {
            select.setString(1, migration);
            List<Chunk> chunks = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    chunks.add(
                            new Chunk(
                                    row.getLong(1),
                                    new TableId(row.getString(2), row.getString(3)),
                                    new TableId(row.getString(4), row.getString(5)),
                                    row.getBoolean(6),
                                    new KeyRange(bound(row.getArray(7)), bound(row.getArray(8))),
                                    row.getLong(9),
                                    row.getLong(10)));
                }
            }
            return chunks;
        }
    }

    private static Optional<List<String>> bound(Array array) throws SQLException {
        return array == null ? Optional.empty() : Optional.of(List.of((String[]) array.getArray()));
    }

    /** What is planned and done of each table that has chunks. */
    Map<TableId, Totals> totals(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT table_schema, table_name, count(*), count(done_at),"
                                + " sum(plan_rows), sum(plan_bytes),"
                                + " coalesce(sum(plan_bytes) FILTER (WHERE done_at IS NOT NULL), 0),"
                                + " coalesce(sum(rows), 0), coalesce(sum(bytes), 0)"
                                + " FROM landbridge.chunk WHERE migration = ?"
                                + " GROUP BY 1, 2")) {
            select.setString(1, migration);
            Map<TableId, Totals> totals = new LinkedHashMap<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    totals.put(
                            new TableId(row.getString(1), row.getString(2)),
                            new Totals(
                                    row.getInt(3),
                                    row.getInt(4),
                                    row.getLong(5),
                                    row.getLong(6),
                                    row.getLong(7),
                                    row.getLong(8),
                                    row.getLong(9)));
                }
            }
            return totals;
        }
    }

    /**
     * Marks chunks done, inside the transaction of their rows.
     *
     * @return how many; fewer than given when some are done already, by a session that we lost
     *     sight of: roll back
     */
    int markDone(Connection connection, List<CopiedChunk> copied) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE landbridge.chunk AS c SET rows = n.rows, bytes = n.bytes,"
                                + " done_at = clock_timestamp()"
                                + " FROM unnest(?::bigint[], ?::bigint[], ?::bigint[])"
                                + " AS n (id, rows, bytes)"
                                + " WHERE c.migration = ? AND c.id = n.id AND c.done_at IS NULL")) {
            update.setArray(1, numbers(connection, copied, one -> one.chunk().id()));
            update.setArray(2, numbers(connection, copied, CopiedChunk::rows));
            update.setArray(3, numbers(connection, copied, CopiedChunk::bytes));
            update.setString(4, migration);
            return update.executeUpdate();
        }
    }

    /** Those of {@code chunks} that are not done. */
    List<Chunk> undoneOf(Connection connection, List<Chunk> chunks) throws SQLException {
        Set<Long> undone = new HashSet<>();
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT id FROM landbridge.chunk"
                                + " WHERE migration = ? AND id = ANY (?) AND done_at IS NULL")) {
            select.setString(1, migration);
            select.setArray(2, numbers(connection, chunks, Chunk::id));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    undone.add(row.getLong(1));
                }
            }
        }
        return chunks.stream().filter(chunk -> undone.contains(chunk.id())).toList();
    }

    private static <T> Array numbers(Connection connection, List<T> of, ToLongFunction<T> number)
            throws SQLException {
        return connection.createArrayOf("bigint", of.stream().mapToLong(number).boxed().toArray());
    }

    /**
     * Writes something harmless, so that a commit which waits for the disk has something to wait
     * for: all commits before it are then on disk too.
     */
    void touch(Connection connection) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE landbridge.chunk SET plan_rows = plan_rows WHERE migration = ?"
                                + " AND id = (SELECT min(id) FROM landbridge.chunk"
                                + " WHERE migration = ?)")) {
            update.setString(1, migration);
            update.setString(2, migration);
            update.executeUpdate();
        }
    }

    /**
     * Marks tables loaded whose chunks are all done, those without any chunk among them.
     *
     * @param tables the tables that this load is for
     */
    void markLoaded(Connection connection, List<TableId> tables) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE landbridge.table_state AS s SET state = 'LOADED',"
                                + " rows = coalesce(c.rows, 0), bytes = coalesce(c.bytes, 0),"
                                + " updated_at = clock_timestamp()"
                                + " FROM unnest(?::text[], ?::text[]) AS t (s, n)"
                                + " LEFT JOIN (SELECT table_schema, table_name,"
                                + " sum(rows) AS rows, sum(bytes) AS bytes,"
                                + " count(*) FILTER (WHERE done_at IS NULL) AS undone"
                                + " FROM landbridge.chunk WHERE migration = ? GROUP BY 1, 2) AS c"
                                + " ON c.table_schema = t.s AND c.table_name = t.n"
                                + " WHERE s.migration = ? AND s.table_schema = t.s"
                                + " AND s.table_name = t.n AND s.state = 'PENDING'"
                                + " AND coalesce(c.undone, 0) = 0")) {
            update.setArray(
                    1,
                    connection.createArrayOf(
                            "text", tables.stream().map(TableId::schema).toArray()));
            update.setArray(
                    2,
                    connection.createArrayOf("text", tables.stream().map(TableId::name).toArray()));
            update.setString(3, migration);
            update.setString(4, migration);
            update.executeUpdate();
        }
    }
}
