package io.landbridge.schema;

import io.landbridge.change.TableId;
import io.landbridge.config.TablesConfig;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.PostgresRelations.Relation;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads what a PostgreSQL database of version 12 or later holds, in a fixed number of round trips
 * however many tables there are.
 */
public final class PostgresCatalogue {

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final String COLUMNS =
            """
            select a.attrelid::int8, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
                   a.attnotnull, a.attgenerated <> '', a.attidentity
            from pg_attribute a
            where a.attrelid = any (?) and a.attnum > 0 and not a.attisdropped
            order by a.attrelid, a.attnum
            """;

    private static final String SIZES =
            "select t.oid::int8, pg_table_size(t.oid) from unnest(?::oid[]) as t (oid)";

    /** What size is guessed from when a table is locked: no lock is needed to read it. */
    private static final String SIZES_BY_STATISTICS =
            """
            select c.oid::int8, (c.relpages + coalesce(t.relpages, 0))::int8
                                * current_setting('block_size')::int8
            from pg_class c left join pg_class t on t.oid = c.reltoastrelid
            where c.oid = any (?)
            """;

    private PostgresCatalogue() {}

    /**
     * The permanent tables that {@code wanted} selects, by name; not the system's, not ours, not
     * those that belong to an extension. Partitions stand under their root, except at a source of
     * version 12, which can publish only the leaves. Unlogged and foreign tables are not listed:
     * the log says nothing of their rows (the assessment names them).
     *
     * @throws Fault CONFIG_INVALID when a pattern isn't one, and the faults of {@link
     *     Database#with}
     */
    public static List<Table> read(Database database, TablesConfig wanted) {
        TablePatterns patterns = new TablePatterns(wanted);
        return database.inTransaction(
                "reading the catalogue",
                connection -> {
                    try (PreparedStatement set =
                            connection.prepareStatement("set transaction read only")) {
                        set.execute();
                    }
                    PostgresRelations relations = PostgresRelations.read(connection);
                    return read(connection, relations, relations.chosen(patterns)).tables();
                });
    }

    /**
     * The tables of these names, whether partitions or not; absent ones are left out.
     *
     * @throws Fault those of {@link Database#with}
     */
    public static List<Table> read(Database database, Collection<TableId> names) {
        Set<TableId> wanted = Set.copyOf(names);
        return database.inTransaction(
                "reading the catalogue",
                connection -> {
                    PostgresRelations relations = PostgresRelations.read(connection);
                    return read(connection, relations, relations.named(wanted)).tables();
                });
    }

    /**
     * One reading.
     *
     * @param keyIndexes OIDs of the indexes over the tables' keys, with partitions' shares of them
     */
    record Reading(List<Table> tables, Set<Long> keyIndexes) {}

    static Reading read(Connection connection, PostgresRelations relations, List<Relation> chosen)
            throws SQLException {
        Map<Long, List<Relation>> trees = new HashMap<>();
        chosen.forEach(relation -> trees.put(relation.oid(), relations.tree(relation)));
        Array roots = oids(connection, chosen);
        Array all = oids(connection, trees.values().stream().flatMap(List::stream).toList());

        Map<Long, List<NumberedColumn>> columns = columns(connection, roots);
        Map<Long, List<PostgresIndex>> indexes = PostgresIndex.read(connection, all);
        Map<Long, Long> sizes = sizes(connection, all);

        List<Table> tables = new ArrayList<>(chosen.size());
        Set<Long> keyIndexes = new HashSet<>();
        for (Relation relation : chosen) {
            List<NumberedColumn> own = columns.getOrDefault(relation.oid(), List.of());
            List<Relation> tree = trees.get(relation.oid());
            PostgresKey key =
                    PostgresKey.of(
                            tree,
                            own,
                            tree.stream()
                                    .flatMap(part -> of(indexes, part).stream())
                                    .filter(
                                            index ->
                                                    !index.attached()
                                                            || index.table() == relation.oid())
                                    .toList());
            keyIndexes.add(key.index());
            tables.add(
                    new Table(
                            relation.id(),
                            own.stream().map(NumberedColumn::column).toList(),
                            key.columns(),
                            key.replicaIdentity(),
                            key.othersUnique(),
                            relation.partitioned(),
                            tree.stream()
                                    .filter(part -> !part.partitioned())
                                    .mapToLong(Relation::estimatedRows)
                                    .sum(),
                            tree.stream()
                                    .mapToLong(part -> sizes.getOrDefault(part.oid(), 0L))
                                    .sum()));
        }
        // From the root down, since a partition's share may itself be shared out.
        for (Relation relation : chosen) {
            for (Relation part : trees.get(relation.oid())) {
                of(indexes, part).stream()
                        .filter(index -> index.attached() && keyIndexes.contains(index.parent()))
                        .forEach(index -> keyIndexes.add(index.oid()));
            }
        }
        keyIndexes.remove(0L);
        return new Reading(tables, keyIndexes);
    }

    private static List<PostgresIndex> of(Map<Long, List<PostgresIndex>> all, Relation relation) {
        return all.getOrDefault(relation.oid(), List.of());
    }

    /** A column and the number that indexes know it by. */
    record NumberedColumn(int number, Column column) {}

    private static Map<Long, List<NumberedColumn>> columns(Connection connection, Array tables)
            throws SQLException {
        Map<Long, List<NumberedColumn>> columns = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
            query.setArray(1, tables);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    Column column =
                            new Column(
                                    row.getString(3),
                                    row.getString(4),
                                    row.getBoolean(5),
                                    row.getBoolean(6),
                                    identity(row.getString(7)));
                    columns.computeIfAbsent(row.getLong(1), oid -> new ArrayList<>())
                            .add(new NumberedColumn(row.getInt(2), column));
                }
            }
        }
        return columns;
    }

    private static Column.Identity identity(String attidentity) {
        return switch (attidentity) {
            case "a" -> Column.Identity.ALWAYS;
            case "d" -> Column.Identity.BY_DEFAULT;
            default -> Column.Identity.NONE;
        };
    }

    /** Waits for no table for long: somebody's VACUUM FULL must not hold a reading back. */
    private static Map<Long, Long> sizes(Connection connection, Array tables) throws SQLException {
        var before = connection.setSavepoint();
        try (PreparedStatement set = connection.prepareStatement("set local lock_timeout = '2s'")) {
            set.execute();
            Map<Long, Long> sizes = longs(connection, SIZES, tables);
            // Within a savepoint no snapshot could be exported.
            connection.releaseSavepoint(before);
            return sizes;
        } catch (SQLException e) {
            if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            connection.releaseSavepoint(before);
            return longs(connection, SIZES_BY_STATISTICS, tables);
        }
    }

    private static Map<Long, Long> longs(Connection connection, String sql, Array tables)
            throws SQLException {
        Map<Long, Long> longs = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setArray(1, tables);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    longs.put(row.getLong(1), row.getLong(2));
                }
            }
        }
        return longs;
    }

    private static Array oids(Connection connection, List<Relation> relations) throws SQLException {
        return connection.createArrayOf("oid", relations.stream().map(Relation::oid).toArray());
    }
}
