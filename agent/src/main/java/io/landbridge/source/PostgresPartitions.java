package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The partitions of the partitioned tables that move. A publication under the root's name says
 * nothing when one of them is truncated, attached or detached: the catalogue is where it shows.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-createpublication.html">CREATE PUBLICATION,
 *     publish_via_partition_root</a>
 */
public final class PostgresPartitions {

    /** Takes no lock on any table: nobody's ALTER TABLE makes it wait. */
    private static final String QUERY =
            """
            WITH RECURSIVE tree (number, oid, attached) AS (
              SELECT wanted.number, c.oid, ''
                FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS wanted(s, t, number)
                JOIN pg_namespace n ON n.nspname = wanted.s
                JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.t
               WHERE c.relkind = 'p'
               UNION ALL
              SELECT tree.number, i.inhrelid, i.xmin::text
                FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid)
            SELECT tree.number, c.oid, n.nspname, c.relname, tree.attached || '/' || c.relfilenode
              FROM tree
              JOIN pg_class c ON c.oid = tree.oid
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind <> 'p'
             ORDER BY tree.number, n.nspname, c.relname""";

    private final Database source;

    public PostgresPartitions(Database source) {
        this.source = source;
    }

    /**
     * What was found.
     *
     * @param at a position in the log that lies behind whatever made the partitions what they are
     */
    public record Look(List<Partition> partitions, SourcePosition at) {}

    /** The partitions of {@code tables} as they are now; asks nothing when none has any. */
    public Look look(List<Table> tables) {
        List<TableId> partitioned =
                tables.stream().filter(Table::partitioned).map(Table::id).toList();
        if (partitioned.isEmpty()) {
            return new Look(List.of(), Lsn.ZERO);
        }
        return source.with(
                "looking at partitions",
                connection -> new Look(read(connection, partitioned), position(connection)));
    }

    private static List<Partition> read(Connection connection, List<TableId> tables)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(QUERY)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text", tables.stream().map(TableId::schema).toArray()));
            select.setArray(
                    2,
                    connection.createArrayOf("text", tables.stream().map(TableId::name).toArray()));
            List<Partition> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(
                            new Partition(
                                    tables.get(rows.getInt(1) - 1),
                                    rows.getLong(2),
                                    new TableId(rows.getString(3), rows.getString(4)),
                                    rows.getString(5)));
                }
            }
            return found;
        }
    }

    private static Lsn position(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()")) {
            row.next();
            return Lsn.parse(row.getString(1));
        }
    }
}
