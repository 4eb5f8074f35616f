package io.landbridge.target;

import io.landbridge.change.TableId;
import io.landbridge.schema.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads from PostgreSQL's catalogue what writing rows of a table needs to know. */
public final class TargetCatalogue {

    private static final String TABLE =
            """
            SELECT c.oid::int8, c.relkind = 'p'
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')
            """;

    /** Domains are followed down to their base; its modifier tells char(n) and numeric(p,s). */
    private static final String COLUMNS =
            """
            WITH RECURSIVE base AS (
              SELECT a.attnum, a.atttypid AS type, a.atttypmod AS modifier
              FROM pg_attribute a
              WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped
              UNION ALL
              SELECT b.attnum, t.typbasetype, t.typtypmod
              FROM base b JOIN pg_type t ON t.oid = b.type
              WHERE t.typtype = 'd')
            SELECT a.attname, format_type(b.type, -1), a.attgenerated <> '', a.attidentity = 'a',
                   b.type::int8, t.typtype = 'e', b.modifier,
                   coalesce((SELECT l.collisdeterministic FROM pg_collation l
                             WHERE l.oid = a.attcollation), true),
                   (SELECT n.nspname
                    FROM pg_opclass c
                         JOIN pg_amop m ON m.amopfamily = c.opcfamily AND m.amopstrategy = 3
                           AND m.amoplefttype = c.opcintype AND m.amoprighttype = c.opcintype
                         JOIN pg_operator o ON o.oid = m.amopopr
                         JOIN pg_namespace n ON n.oid = o.oprnamespace
                    WHERE c.opcintype = b.type AND c.opcdefault AND c.opcmethod = 403
                      AND o.oprname = '=')
            FROM base b JOIN pg_type t ON t.oid = b.type
                 JOIN pg_attribute a ON a.attrelid = ?::oid AND a.attnum = b.attnum
            WHERE t.typtype <> 'd'
            ORDER BY a.attnum
            """;

    private static final String CONSTRAINTS =
            """
            SELECT i.indisexclusion OR 0 = ANY (i.indkey::int2[]),
                   ARRAY(SELECT a.attname::text FROM pg_attribute a
                         WHERE a.attrelid = i.indrelid
                           AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]))
            FROM pg_index i
            WHERE (i.indisunique OR i.indisexclusion)
              AND (i.indrelid = ?::oid
                   OR i.indrelid IN (SELECT relid FROM pg_partition_tree(?::oid::regclass)))
            """;

    private static final long BPCHAR = 1042;
    private static final long NUMERIC = 1700;

    /**
     * Types whose equality is that of their text. Not among them, for example: float (0 and -0),
     * interval (1 day and 24 hours), numeric without a scale (1.0 and 1.00), citext, jsonb.
     */
    private static final Set<Long> EXACT =
            Set.of(
                    16L, 17L, 18L, 19L, 20L, 21L, 23L, 25L, 26L, // bool to oid
                    650L, 829L, 869L, 774L, // cidr, macaddr, inet, macaddr8
                    790L, 1043L, 1560L, 1562L, 2950L, 3220L, 5069L, // money to xid8
                    1082L, 1083L, 1114L, 1184L, 1266L); // dates and times

    private TargetCatalogue() {}

    /** The table as it stands now; empty when there is none of that name. */
    public static Optional<PostgresTable> read(Connection connection, TableId table)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(TABLE)) {
            query.setString(1, table.schema());
            query.setString(2, table.name());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                long oid = row.getLong(1);
                return Optional.of(
                        new PostgresTable(
                                table,
                                row.getBoolean(2),
                                columns(connection, oid),
                                constraints(connection, oid)));
            }
        }
    }

    private static Map<String, PostgresColumn> columns(Connection connection, long oid)
            throws SQLException {
        Map<String, PostgresColumn> columns = new LinkedHashMap<>();
        try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
            query.setLong(1, oid);
            query.setLong(2, oid);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    columns.put(
                            row.getString(1),
                            new PostgresColumn(
                                    row.getString(1),
                                    row.getString(2),
                                    operator(row.getString(9)),
                                    row.getBoolean(3),
                                    row.getBoolean(4),
                                    exact(
                                            row.getLong(5),
                                            row.getBoolean(6),
                                            row.getInt(7),
                                            row.getBoolean(8))));
                }
            }
        }
        return columns;
    }

    /** An extension's equality lives in the extension's schema, off the search path. */
    private static String operator(String schema) {
        return schema == null || schema.equals("pg_catalog")
                ? "="
                : "OPERATOR(" + Sql.quote(schema) + ".=)";
    }

    private static boolean exact(long type, boolean isEnum, int modifier, boolean deterministic) {
        boolean fixed = modifier >= 0 && (type == BPCHAR || type == NUMERIC);
        return deterministic && (isEnum || fixed || EXACT.contains(type));
    }

    private static List<Set<String>> constraints(Connection connection, long oid)
            throws SQLException {
        List<Set<String>> constraints = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(CONSTRAINTS)) {
            query.setLong(1, oid);
            query.setLong(2, oid);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    constraints.add(
                            row.getBoolean(1)
                                    ? Set.of()
                                    : Set.copyOf(
                                            Arrays.asList((String[]) row.getArray(2).getArray())));
                }
            }
        }
        return constraints;
    }
}
