package io.landbridge.schema.mysql;

import io.landbridge.change.TableId;
import io.landbridge.config.TablesConfig;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.dialect.Dialect;
import io.landbridge.jdbc.dialect.Dialect.ColumnDefault;
import io.landbridge.schema.TablePatterns;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a MySQL server of version 8.0.13 or later holds, in a fixed number of round trips
 * however many tables there are.
 *
 * @see <a href="https://dev.mysql.com/doc/refman/8.0/en/information-schema.html">its
 *     information_schema</a>
 */
public final class MysqlCatalogue {

    /** Databases that belong to the server. */
    public static final Set<String> SYSTEM =
            Set.of("information_schema", "mysql", "performance_schema", "sys");

    private static final String TABLES =
            """
            SELECT table_schema, table_name, engine, table_collation, create_options,
                   table_comment, COALESCE(table_rows, 0), COALESCE(data_length, 0)
              FROM information_schema.tables
             WHERE table_type = 'BASE TABLE'
               AND table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')
             ORDER BY table_schema, table_name""";

    /** With the dialect's word for the reference system of a geometry. */
    private static final String COLUMNS =
            """
            SELECT column_name, column_type, data_type, is_nullable, character_maximum_length,
                   numeric_precision, numeric_scale, datetime_precision, character_set_name,
                   collation_name, column_default, extra, generation_expression, %s,
                   column_comment
              FROM information_schema.columns
             WHERE table_schema = ? ORDER BY table_name, ordinal_position""";

    /** With the dialect's words for an index's visibility and for what is indexed. */
    private static final String INDEXES =
            """
            SELECT index_name, non_unique, index_type, %s, column_name, %s,
                   sub_part, collation, index_comment
              FROM information_schema.statistics
             WHERE table_schema = ? ORDER BY table_name, index_name, seq_in_index""";

    private static final String FOREIGN_KEYS =
            """
            SELECT r.constraint_name, r.unique_constraint_schema, r.referenced_table_name,
                   r.update_rule, r.delete_rule, k.column_name, k.referenced_column_name
              FROM information_schema.referential_constraints r
              JOIN information_schema.key_column_usage k
                ON k.constraint_schema = r.constraint_schema AND k.table_name = r.table_name
               AND k.constraint_name = r.constraint_name
             WHERE r.constraint_schema = ?
             ORDER BY r.table_name, r.constraint_name, k.ordinal_position""";

    private final Connection connection;
    private final Dialect dialect;

    private MysqlCatalogue(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /**
     * The base tables that {@code wanted} means, by name. A pattern for every database ({@code
     * *.orders}) means the database that the connection names; another one moves, too, when a
     * pattern names it.
     *
     * @throws Fault SOURCE_SQL and its like
     */
    public static List<MysqlTable> read(MysqlDatabase source, TablesConfig wanted) {
        TablePatterns patterns = patterns(source.config().database(), wanted);
        return source.with(
                "reading the catalogue",
                connection -> new MysqlCatalogue(connection, source.dialect()).tables(patterns));
    }

    /** What {@code wanted} means on a server where {@code database} is the one in the URL. */
    public static TablePatterns patterns(String database, TablesConfig wanted) {
        return new TablePatterns(
                new TablesConfig(
                        wanted.include().stream()
                                .map(
                                        pattern ->
                                                pattern.startsWith("*.")
                                                        ? '"'
                                                                + database.replace("\"", "\"\"")
                                                                + '"'
                                                                + pattern.substring(1)
                                                        : pattern)
                                .toList(),
                        wanted.exclude()));
    }

    private List<MysqlTable> tables(TablePatterns patterns) throws SQLException {
        List<Header> headers = headers(patterns);
        List<MysqlTable> tables = new ArrayList<>();
        for (String database :
                headers.stream().map(header -> header.id().schema()).distinct().toList()) {
            Map<String, List<MysqlColumn>> columns = columns(database);
            Map<String, List<MysqlIndex>> indexes = indexes(database);
            Map<String, List<MysqlForeignKey>> foreignKeys = foreignKeys(database);
            Map<String, List<MysqlCheck>> checks = checks(database);
            for (Header header : headers) {
                if (header.id().schema().equals(database)) {
                    String name = header.id().name();
                    tables.add(
                            header.table(
                                    columns.getOrDefault(name, List.of()),
                                    indexes.getOrDefault(name, List.of()),
                                    foreignKeys.getOrDefault(name, List.of()),
                                    checks.getOrDefault(name, List.of())));
                }
            }
        }
        return tables;
    }

    /** What information_schema.tables says of one. */
    private record Header(
            TableId id,
            String engine,
            String collation,
            boolean partitioned,
            String comment,
            long rows,
            long bytes) {

        MysqlTable table(
                List<MysqlColumn> columns,
                List<MysqlIndex> indexes,
                List<MysqlForeignKey> foreignKeys,
                List<MysqlCheck> checks) {
            return new MysqlTable(
                    id,
                    engine,
                    collation,
                    columns,
                    key(columns, indexes),
                    indexes,
                    foreignKeys,
                    checks,
                    partitioned,
                    comment,
                    rows,
                    bytes);
        }
    }

    private static List<String> key(List<MysqlColumn> columns, List<MysqlIndex> indexes) {
        Set<String> notNull =
                columns.stream()
                        .filter(column -> !column.nullable())
                        .map(MysqlColumn::name)
                        .collect(java.util.stream.Collectors.toSet());
        return indexes.stream()
                .filter(MysqlIndex::unique)
                .filter(MysqlIndex::isOverWholeColumns)
                .filter(index -> notNull.containsAll(index.columns()))
                .min(
                        Comparator.comparing((MysqlIndex index) -> !index.isPrimary())
                                .thenComparing(index -> index.parts().size())
                                .thenComparing(MysqlIndex::name))
                .map(MysqlIndex::columns)
                .orElse(List.of());
    }

    private List<Header> headers(TablePatterns patterns) throws SQLException {
        List<Header> headers = new ArrayList<>();
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TABLES)) {
            while (row.next()) {
                TableId id = new TableId(row.getString(1), row.getString(2));
                if (patterns.fits(id)) {
                    headers.add(
                            new Header(
                                    id,
                                    text(row, 3),
                                    text(row, 4),
                                    text(row, 5).contains("partitioned"),
                                    text(row, 6),
                                    row.getLong(7),
                                    row.getLong(8)));
                }
            }
        }
        return headers;
    }

    private interface RowReader {
        void read(String table, ResultSet row) throws SQLException;
    }

    /** Runs {@code query} for one database; its rows come with the table's name first. */
    private void each(String query, String table, String database, RowReader reader)
            throws SQLException {
        String named = query.replaceFirst("SELECT ", "SELECT " + table + ", ");
        try (PreparedStatement statement = connection.prepareStatement(named)) {
            statement.setString(1, database);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    reader.read(row.getString(1), row);
                }
            }
        }
    }

    private Map<String, List<MysqlColumn>> columns(String database) throws SQLException {
        Map<String, List<MysqlColumn>> columns = new LinkedHashMap<>();
        each(
                COLUMNS.formatted(dialect.sridOfColumn()),
                "table_name",
                database,
                (table, row) -> {
                    List<MysqlColumn> list = list(columns, table);
                    list.add(column(list.size(), row));
                });
        return columns;
    }

    private MysqlColumn column(int position, ResultSet row) throws SQLException {
        String columnType = row.getString(3);
        String dataType = row.getString(4).toLowerCase(Locale.ROOT);
        boolean labelled = dataType.equals("enum") || dataType.equals("set");
        String extra = text(row, 13).toLowerCase(Locale.ROOT);
        Optional<Integer> scale = number(row, 8).map(Math::toIntExact);
        Optional<ColumnDefault> given =
                Optional.ofNullable(row.getString(12))
                        .flatMap(
                                shown ->
                                        dialect.columnDefault(
                                                shown, MysqlColumn.isBinary(dataType), extra));
        return new MysqlColumn(
                dialect,
                row.getString(2),
                position,
                columnType,
                dataType,
                columnType.contains(" unsigned") && !labelled,
                row.getString(5).equals("YES"),
                number(row, 6).orElse(0L),
                number(row, 7).map(Math::toIntExact).orElse(0),
                scale,
                number(row, 9).map(Math::toIntExact).orElse(0),
                text(row, 10),
                text(row, 11),
                labelled ? MysqlLabels.parse(columnType) : List.of(),
                given.map(ColumnDefault::text),
                given.map(ColumnDefault::expression).orElse(false),
                generation(extra),
                dialect.expression(text(row, 14)),
                extra.contains("auto_increment"),
                extra.contains("on update current_timestamp"),
                extra.contains("invisible"),
                number(row, 15),
                text(row, 16));
    }

    private static MysqlColumn.Generation generation(String extra) {
        if (extra.contains("stored generated")) {
            return MysqlColumn.Generation.STORED;
        }
        return extra.contains("virtual generated")
                ? MysqlColumn.Generation.VIRTUAL
                : MysqlColumn.Generation.NONE;
    }

    private Map<String, List<MysqlIndex>> indexes(String database) throws SQLException {
        Map<String, List<MysqlIndex>> indexes = new LinkedHashMap<>();
        each(
                INDEXES.formatted(dialect.indexIsVisible(), dialect.indexExpression()),
                "table_name",
                database,
                (table, row) -> {
                    List<MysqlIndex> list = list(indexes, table);
                    String name = row.getString(2);
                    List<MysqlIndex.Part> parts = new ArrayList<>();
                    if (!list.isEmpty() && list.get(list.size() - 1).name().equals(name)) {
                        parts.addAll(list.remove(list.size() - 1).parts());
                    }
                    parts.add(part(row));
                    list.add(
                            new MysqlIndex(
                                    name,
                                    row.getInt(3) == 0,
                                    row.getString(4),
                                    row.getString(5).equals("YES"),
                                    parts,
                                    text(row, 10)));
                });
        return indexes;
    }

    private MysqlIndex.Part part(ResultSet row) throws SQLException {
        return new MysqlIndex.Part(
                Optional.ofNullable(row.getString(6)),
                Optional.ofNullable(row.getString(7)).map(dialect::expression),
                number(row, 8).map(Math::toIntExact),
                "D".equals(row.getString(9)));
    }

    private Map<String, List<MysqlForeignKey>> foreignKeys(String database) throws SQLException {
        Map<String, List<MysqlForeignKey>> keys = new LinkedHashMap<>();
        each(
                FOREIGN_KEYS,
                "r.table_name",
                database,
                (table, row) -> {
                    List<MysqlForeignKey> list = list(keys, table);
                    String name = row.getString(2);
                    List<String> columns = new ArrayList<>();
                    List<String> referenced = new ArrayList<>();
                    if (!list.isEmpty() && list.get(list.size() - 1).name().equals(name)) {
                        MysqlForeignKey begun = list.remove(list.size() - 1);
                        columns.addAll(begun.columns());
                        referenced.addAll(begun.referencedColumns());
                    }
                    columns.add(row.getString(7));
                    referenced.add(row.getString(8));
                    list.add(
                            new MysqlForeignKey(
                                    name,
                                    columns,
                                    new TableId(row.getString(3), row.getString(4)),
                                    referenced,
                                    row.getString(5),
                                    row.getString(6)));
                });
        return keys;
    }

    /** CHECK constraints came with version 8.0.16. */
    private Map<String, List<MysqlCheck>> checks(String database) throws SQLException {
        Map<String, List<MysqlCheck>> checks = new LinkedHashMap<>();
        if (MysqlVersion.of(connection).isAtLeast(8, 0, 16)) {
            each(
                    dialect.checks(),
                    "t.table_name",
                    database,
                    (table, row) ->
                            list(checks, table)
                                    .add(
                                            new MysqlCheck(
                                                    row.getString(2),
                                                    dialect.expression(row.getString(3)),
                                                    row.getString(4).equals("YES"))));
        }
        return checks;
    }

    private static <T> List<T> list(Map<String, List<T>> lists, String table) {
        return lists.computeIfAbsent(table, none -> new ArrayList<>());
    }

    private static String text(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        return text == null ? "" : text;
    }

    private static Optional<Long> number(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        return text == null ? Optional.empty() : Optional.of(Long.parseLong(text));
    }
}
