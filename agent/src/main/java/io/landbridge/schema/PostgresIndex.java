package io.landbridge.schema;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An index that keeps rows apart: unique, or that of an exclusion constraint.
 *
 * @param oid its own OID
 * @param table the table's OID
 * @param plain whether it proves by itself, at every moment, that two rows differ in its columns: a
 *     valid, immediate, unique B-tree, neither partial nor over expressions
 * @param parent OID of the index further up that it is a partition's share of; 0 when it is none
 * @param columns numbers of its key columns; 0 where an expression stands
 */
record PostgresIndex(
        long oid,
        long table,
        String name,
        boolean primary,
        boolean replicaIdentity,
        boolean plain,
        long parent,
        List<Integer> columns) {

    private static final String QUERY =
            """
            select x.indrelid::int8, c.relname, x.indisprimary, x.indisreplident,
                   x.indisunique and x.indimmediate and x.indisvalid and x.indpred is null
                       and x.indexprs is null and m.amname = 'btree',
                   coalesce((select i.inhparent::int8 from pg_inherits i
                             where i.inhrelid = x.indexrelid), 0),
                   x.indkey::text, x.indnkeyatts, x.indexrelid::int8
            from pg_index x
            join pg_class c on c.oid = x.indexrelid
            join pg_am m on m.oid = c.relam
            where x.indrelid = any (?) and (x.indisunique or x.indisexclusion) and x.indislive
            order by x.indrelid, x.indnkeyatts, c.relname collate "C"
            """;

    boolean attached() {
        return parent != 0;
    }

    /** By table; those with fewer columns first, then by name. */
    static Map<Long, List<PostgresIndex>> read(Connection connection, Array tables)
            throws SQLException {
        Map<Long, List<PostgresIndex>> indexes = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(QUERY)) {
            query.setArray(1, tables);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    PostgresIndex index =
                            new PostgresIndex(
                                    row.getLong(9),
                                    row.getLong(1),
                                    row.getString(2),
                                    row.getBoolean(3),
                                    row.getBoolean(4),
                                    row.getBoolean(5),
                                    row.getLong(6),
                                    Arrays.stream(row.getString(7).split(" ", -1))
                                            .limit(row.getInt(8))
                                            .map(Integer::valueOf)
                                            .toList());
                    indexes.computeIfAbsent(index.table(), oid -> new ArrayList<>()).add(index);
                }
            }
        }
        return indexes;
    }
}
