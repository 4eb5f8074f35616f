package io.landbridge.schema.digest;

import io.landbridge.fault.Fault;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.Sql;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@link TableReader} of PostgreSQL 12 and later. */
final class PostgresTableReader implements TableReader {

    private static final int FETCH_ROWS = 1000;

    /** Sampled rows for each part that a table is cut into: enough for parts of like size. */
    private static final double SAMPLED_ROWS_A_PART = 200;

    /** Longest text of a value that is shown. */
    private static final int SHOWN_CHARACTERS = 300;

    private static final String ESTIMATE =
            """
            SELECT coalesce(sum(
                     CASE WHEN c.reltuples > 0 AND c.relpages > 0
                          THEN c.reltuples / c.relpages ELSE 20 END
                     * (pg_relation_size(c.oid) / current_setting('block_size')::float8)), 0)::bigint
            FROM (SELECT relid FROM pg_partition_tree(?::text::regclass)
                  UNION SELECT ?::text::regclass) AS tree
            JOIN pg_class c ON c.oid = tree.relid
            WHERE c.relkind = 'r'""";

    /**
     * Files of the table and its partitions as the snapshot knows them, against those of now: the
     * catalogue's tables are read by the snapshot, its functions look at what is current.
     *
     * @see <a href="https://www.postgresql.org/docs/17/mvcc-caveats.html">MVCC caveats</a>
     */
    private static final String CHANGED_FILES =
            """
            WITH RECURSIVE once (oid, file, kind) AS (
              SELECT c.oid, c.relfilenode, c.relkind
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = ? AND c.relname = ?
              UNION ALL
              SELECT c.oid, c.relfilenode, c.relkind
              FROM once t JOIN pg_inherits i ON i.inhparent = t.oid AND t.kind = 'p'
              JOIN pg_class c ON c.oid = i.inhrelid)
            SELECT count(*) = 0 OR bool_or(pg_relation_filenode(oid) IS DISTINCT FROM file)
                   FILTER (WHERE kind = 'r')
                OR bool_or(kind = 'p' AND EXISTS (
                     SELECT FROM pg_inherits i WHERE i.inhparent = once.oid
                       AND i.inhrelid NOT IN (SELECT relid::oid FROM pg_partition_tree(once.oid))))
            FROM once""";

    private final SnapshotQueries queries;
    private final SmallTables smallTables;
    private final RowText words;
    private RowSql sql;
    private RowHash hash = RowHash.MD5;

    /** Takes over {@code connection}, which is in a transaction of the snapshot. */
    PostgresTableReader(Database database, Connection connection, RowText words) {
        this.words = words;
        this.queries = new SnapshotQueries(database, connection);
        this.smallTables = new SmallTables(queries);
    }

    /** The expressions that fit this server; asks for its encoding once. */
    private RowSql sql(ComparedTable table) {
        if (sql == null) {
            String encoding = run(table, "SHOW server_encoding", SnapshotQueries::text);
            sql = new RowSql(encoding.equals("UTF8"), words);
        }
        return sql;
    }

    @Override
    public Optional<String> quickHashes(ComparedTable table) {
        return sql(table).hasQuickHash()
                ? Optional.of(run(table, RowSql.QUICK_HASHES, SnapshotQueries::text))
                : Optional.empty();
    }

    @Override
    public void hashBy(RowHash form) {
        hash = form;
    }

    @Override
    public BitSet small(List<ComparedTable> tables) {
        return smallTables.small(tables);
    }

    @Override
    public Optional<List<Digest>> digests(List<ComparedTable> tables) {
        RowSql fitting = sql(tables.get(0));
        return smallTables.digests(
                tables, table -> fitting.halves(table, KeyRange.ALL, Sample.EVERY_ROW, hash));
    }

    @Override
    public BitSet intact(List<ComparedTable> tables) {
        return smallTables.intact(tables);
    }

    @Override
    public long count(ComparedTable table) {
        return Long.parseLong(
                run(table, "SELECT count(*)" + RowSql.from(table), SnapshotQueries::text));
    }

    @Override
    public long estimate(ComparedTable table) {
        return run(
                table,
                ESTIMATE,
                query -> {
                    query.setString(1, Sql.quote(table.id()));
                    query.setString(2, Sql.quote(table.id()));
                    return Long.parseLong(SnapshotQueries.text(query));
                });
    }

    @Override
    public List<String> bounds(ComparedTable table, int parts, long estimatedRows) {
        if (!words.isOrderedAlike(table.id(), table.key().get(0))) {
            return List.of();
        }
        double percent = Math.min(100, 100 * SAMPLED_ROWS_A_PART * parts / estimatedRows);
        String fractions =
                IntStream.range(1, parts)
                        .mapToObj(part -> Double.toString((double) part / parts))
                        .collect(Collectors.joining(",", "'{", "}'::float8[]"));
        return run(
                table,
                "SELECT percentile_disc("
                        + fractions
                        + ") WITHIN GROUP (ORDER BY t."
                        + Sql.quote(table.key().get(0))
                        + ")::text[]"
                        + RowSql.from(table)
                        + " TABLESAMPLE SYSTEM ("
                        + BigDecimal.valueOf(percent).toPlainString()
                        + ") REPEATABLE (1)",
                query -> {
                    try (ResultSet row = query.executeQuery()) {
                        row.next();
                        return row.getArray(1) == null
                                ? List.of()
                                : Arrays.stream((String[]) row.getArray(1).getArray())
                                        .distinct()
                                        .toList();
                    }
                });
    }

    @Override
    public Digest digest(ComparedTable table, KeyRange range, Sample sample, int buckets) {
        return run(
                table,
                "SELECT (h & "
                        + (buckets - 1)
                        + ")::integer, count(*), sum(h), sum(l) FROM ("
                        + sql(table).halves(table, range, sample, hash)
                        + ") AS d GROUP BY 1",
                query -> {
                    Digest digest = new Digest(buckets);
                    query.setFetchSize(FETCH_ROWS);
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            digest.add(
                                    row.getInt(1),
                                    row.getLong(2),
                                    row.getBigDecimal(3).toBigInteger().longValue(),
                                    row.getBigDecimal(4).toBigInteger().longValue());
                        }
                    }
                    return digest;
                });
    }

    @Override
    public RowCursor rows(
            ComparedTable table, KeyRange range, Sample sample, int buckets, BitSet wanted) {
        String statement =
                "SELECT m"
                        + keyNames(table)
                        + " FROM (SELECT "
                        + sql(table).md5("x")
                        + " AS m"
                        + keyNames(table)
                        + " FROM ("
                        + sql(table).texts(table, range, sample, keyTexts(table))
                        + ") AS r WHERE "
                        + sql(table).bucket(buckets, hash)
                        + " = ANY (?)) AS d"
                        + order(table);
        return cursor(
                table,
                statement,
                query ->
                        query.setArray(
                                1,
                                query.getConnection()
                                        .createArrayOf("int8", wanted.stream().boxed().toArray())));
    }

    @Override
    public RowCursor rows(ComparedTable table, Collection<List<String>> keys) {
        String statement =
                "SELECT m"
                        + keyNames(table)
                        + " FROM (SELECT "
                        + sql(table).hash(table, table.columns())
                        + " AS m"
                        + keyTexts(table)
                        + RowSql.from(table)
                        + sql(table).joinKeys(table)
                        + " OFFSET 0) AS r"
                        + order(table);
        return cursor(table, statement, query -> setKeys(query, table, keys));
    }

    private static String keyNames(ComparedTable table) {
        StringBuilder names = new StringBuilder(table.hasKey() ? ", k" : "");
        for (int i = 0; i < table.key().size(); i++) {
            names.append(", k").append(i);
        }
        return names.toString();
    }

    /** The key's hash and the texts of its columns, under the names of {@link #keyNames}. */
    private String keyTexts(ComparedTable table) {
        StringBuilder texts = new StringBuilder();
        if (table.hasKey()) {
            texts.append(", ").append(sql(table).hash(table, table.key())).append(" AS k");
        }
        for (int i = 0; i < table.key().size(); i++) {
            texts.append(", ")
                    .append(sql(table).text(table, table.key().get(i)))
                    .append(" AS k")
                    .append(i);
        }
        return texts.toString();
    }

    private static String order(ComparedTable table) {
        return " ORDER BY " + (table.hasKey() ? "k COLLATE \"C\", " : "") + "m COLLATE \"C\"";
    }

    private interface Parameters {
        void set(PreparedStatement query) throws SQLException;
    }

    private RowCursor cursor(ComparedTable table, String statement, Parameters parameters) {
        try {
            PreparedStatement query = queries.prepare(statement);
            parameters.set(query);
            query.setFetchSize(FETCH_ROWS);
            return new Rows(table, query, query.executeQuery());
        } catch (SQLException e) {
            throw fault(table, e);
        }
    }

    private void setKeys(
            PreparedStatement query, ComparedTable table, Collection<List<String>> keys)
            throws SQLException {
        for (int i = 0; i < table.key().size(); i++) {
            int column = i;
            query.setArray(
                    1 + i,
                    query.getConnection()
                            .createArrayOf(
                                    "text", keys.stream().map(key -> key.get(column)).toArray()));
        }
    }

    private final class Rows implements RowCursor {

        private final ComparedTable table;
        private final PreparedStatement query;
        private final ResultSet row;

        Rows(ComparedTable table, PreparedStatement query, ResultSet row) {
            this.table = table;
            this.query = query;
            this.row = row;
        }

        @Override
        public Optional<RowDigest> next() {
            try {
                return row.next() ? Optional.of(read()) : Optional.empty();
            } catch (SQLException e) {
                throw fault(table, e);
            }
        }

        private RowDigest read() throws SQLException {
            String rowHash = row.getString(1);
            if (!table.hasKey()) {
                return new RowDigest(rowHash, rowHash, List.of());
            }
            List<String> key = new ArrayList<>(table.key().size());
            for (int i = 0; i < table.key().size(); i++) {
                key.add(row.getString(3 + i));
            }
            return new RowDigest(row.getString(2), rowHash, key);
        }

        @Override
        public void close() {
            try {
                query.close();
                queries.unlock();
            } catch (SQLException e) {
                throw fault(table, e);
            }
        }
    }

    @Override
    public Map<String, List<Optional<String>>> columns(
            ComparedTable table, Collection<List<String>> keys, boolean values) {
        Function<String, String> form =
                values
                        ? column ->
                                "left("
                                        + sql(table).text(table, column)
                                        + ", "
                                        + SHOWN_CHARACTERS
                                        + ")"
                        : column -> sql(table).hash(table, List.of(column));
        String statement =
                "SELECT "
                        + sql(table).hash(table, table.key())
                        + table.columns().stream()
                                .map(column -> ", " + form.apply(column))
                                .collect(Collectors.joining())
                        + RowSql.from(table)
                        + sql(table).joinKeys(table);
        return run(
                table,
                statement,
                query -> {
                    setKeys(query, table, keys);
                    Map<String, List<Optional<String>>> columns = new HashMap<>();
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            List<Optional<String>> one = new ArrayList<>(table.columns().size());
                            for (int i = 0; i < table.columns().size(); i++) {
                                one.add(Optional.ofNullable(row.getString(2 + i)));
                            }
                            columns.put(row.getString(1), one);
                        }
                    }
                    return columns;
                });
    }

    private <T> T run(ComparedTable table, String statement, SnapshotQueries.Work<T> work) {
        return queries.run(table.id(), statement, work);
    }

    private Fault fault(ComparedTable table, SQLException error) {
        return queries.fault(table.id(), error);
    }

    @Override
    public boolean isIntact(ComparedTable table) {
        return run(
                table,
                CHANGED_FILES,
                query -> {
                    query.setString(1, table.id().schema());
                    query.setString(2, table.id().name());
                    try (ResultSet row = query.executeQuery()) {
                        row.next();
                        return !row.getBoolean(1);
                    }
                });
    }

    @Override
    public void cancel() {
        queries.cancel();
    }

    @Override
    public void close() {
        queries.close();
    }
}
