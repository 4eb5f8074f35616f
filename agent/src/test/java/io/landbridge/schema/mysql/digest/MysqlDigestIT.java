package io.landbridge.schema.mysql.digest;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.TableId;
import io.landbridge.config.LoadConfig;
import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.load.BulkLoad;
import io.landbridge.schema.Sql;
import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.Digest;
import io.landbridge.schema.digest.FrozenDatabase;
import io.landbridge.schema.digest.KeyRange;
import io.landbridge.schema.digest.RowCursor;
import io.landbridge.schema.digest.RowDigest;
import io.landbridge.schema.digest.Sample;
import io.landbridge.schema.digest.TableReader;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlSchema;
import io.landbridge.source.MysqlCopySource;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.MysqlTypeCase;
import io.landbridge.testkit.MysqlTypeCases;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** MySQL and PostgreSQL hash the same values alike, and others not. */
class MysqlDigestIT {

    private static final TablesConfig ALL = new TablesConfig(List.of("*.*"), List.of());
    private static final int BUCKETS = 16;

    private final MysqlTestDatabase from = Servers.mysql().freshDatabase();
    private final TestDatabase to = Servers.target().freshDatabase();
    private final MysqlDatabase source = from.open(Side.SOURCE);
    private final Database target = to.open(Side.TARGET);
    private List<MappedTable> tables = List.of();

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    private void migrate() {
        MysqlSchema schema =
                new MysqlSchema(
                        "digests",
                        source,
                        target,
                        new SchemaConfig(SchemaConfig.Mode.CREATE, true, false, "none"),
                        ALL,
                        2);
        schema.prepare();
        tables = schema.mapped();
        try (BulkLoad load =
                new BulkLoad(
                        new MysqlCopySource(source, tables),
                        target,
                        "digests",
                        schema.tables(),
                        schema.targetTables(),
                        Set.of(),
                        new LoadConfig(2, 500_000, 0))) {
            load.plan();
            assertThat(load.run()).isTrue();
        }
    }

    private MappedTable table(String name) {
        return tables.stream()
                .filter(one -> one.sourceId().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ComparedTable.Pair pair(MappedTable table) {
        return ComparedTable.of(table.asSource(), table.asTarget());
    }

    private FrozenMysql here(int sessions) {
        try {
            List<Connection> opened = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                Connection connection = source.open("test");
                opened.add(connection);
                try (Statement begin = connection.createStatement()) {
                    begin.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
                }
            }
            return new FrozenMysql(source, tables, opened);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private FrozenDatabase there() {
        return FrozenDatabase.now(target).in(new RowWords(tables));
    }

    /** Both sides at this moment. */
    private interface Look {
        void at(TableReader here, TableReader there);
    }

    private void look(Look look) {
        try (FrozenMysql mysql = here(1);
                FrozenDatabase postgres = there();
                TableReader here = mysql.reader();
                TableReader there = postgres.reader()) {
            look.at(here, there);
        }
    }

    private static String id(MysqlTypeCase one, int i) {
        return i + " (" + one.type() + ")";
    }

    @Test
    void hardValuesHashAlikeAndEachDamagedOneIsFound() {
        List<MysqlTypeCase> cases = MysqlTypeCases.forDigests();
        List<String> sql = new ArrayList<>();
        sql.add("SET time_zone = '+00:00'; SET NAMES utf8mb4");
        for (int i = 0; i < cases.size(); i++) {
            MysqlTypeCase one = cases.get(i);
            sql.add("CREATE TABLE t" + i + " (id int PRIMARY KEY, v " + one.type() + ")");
            for (int n = 0; n < one.values().size(); n++) {
                sql.add("INSERT INTO t%d VALUES (%d, %s)".formatted(i, n, one.values().get(n)));
            }
            sql.add("INSERT INTO t" + i + " VALUES (-1, NULL)");
        }
        from.execute(sql.toArray(String[]::new));
        migrate();
        SoftAssertions softly = new SoftAssertions();
        look(
                (here, there) -> {
                    for (int i = 0; i < cases.size(); i++) {
                        ComparedTable.Pair pair = pair(table("t" + i));
                        softly.assertThat(differing(pair, here, there))
                                .as("equal rows of " + id(cases.get(i), i))
                                .isEmpty();
                    }
                });
        to.execute(tables.stream().map(MysqlDigestIT::damage).toArray(String[]::new));
        look(
                (here, there) -> {
                    for (int i = 0; i < cases.size(); i++) {
                        List<String> all =
                                IntStream.range(-1, cases.get(i).values().size())
                                        .mapToObj(row -> row + ": v")
                                        .toList();
                        softly.assertThat(differing(pair(table("t" + i)), here, there))
                                .as("damaged rows of " + id(cases.get(i), i))
                                .containsExactlyInAnyOrderElementsOf(all);
                    }
                });
        softly.assertAll();
    }

    /** The smallest change that the target's type knows; of a NULL: a value. */
    private static String damage(MappedTable table) {
        String type = table.column("v").type();
        String changed =
                switch (type.replaceAll("\\(.*", "")) {
                    case "boolean" -> "NOT coalesce(v, false)";
                    case "smallint", "integer", "bigint" ->
                            "CASE WHEN v > 0 THEN v - 1 ELSE coalesce(v, 0) + 1 END";
                    case "numeric" ->
                            "CASE WHEN v > 0 THEN v - d ELSE coalesce(v, 0) + d END"
                                    .replace("d", step(type));
                    case "real" -> "CASE WHEN v <> 0 THEN v - v * 1.2e-7 ELSE coalesce(-v, 1) END";
                    case "double precision" ->
                            "CASE WHEN v = 0 THEN -v WHEN v IS NULL THEN 1 WHEN abs(v) < 1e-300 THEN"
                                    + " v - sign(v) * 4.94e-324 ELSE v - v * 1.7e-16 END";
                    case "bit" ->
                            "coalesce(set_bit(v, length(v) - 1, 1 - get_bit(v, length(v) - 1)),"
                                    + " repeat('0', "
                                    + Math.max(1, table.column("v").source().precision())
                                    + ")::bit("
                                    + Math.max(1, table.column("v").source().precision())
                                    + "))";
                    case "character", "character varying", "text" ->
                            "CASE WHEN v IS NULL THEN '' WHEN v = '' THEN NULL ELSE left(v, -1) || CASE"
                                    + " WHEN right(v, 1) = 'y' THEN 'z' ELSE 'y' END END";
                    case "bytea" ->
                            "CASE WHEN v = '' THEN NULL ELSE coalesce(set_byte(v, 0, 255 -"
                                    + " get_byte(v, 0)), '') END";
                    case "date" -> "coalesce(v - 1, '2000-01-01')";
                    case "timestamp" ->
                            "coalesce(v - interval '1 s' / power(10, "
                                    + table.column("v").source().fraction()
                                    + "), 'epoch')";
                    case "time", "interval" -> "coalesce(v + interval '1 s', '00:00:00')";
                    case "text[]" ->
                            "CASE WHEN v = '{}' THEN NULL WHEN v IS NULL THEN '{}' ELSE v[2:] END";
                    case "jsonb" -> "CASE WHEN v IS NULL THEN 'null' ELSE jsonb_build_array(v) END";
                    default ->
                            "(SELECT l FROM unnest(enum_range(NULL::"
                                    + type
                                    + ")) l WHERE l IS"
                                    + " DISTINCT FROM v LIMIT 1)";
                };
        return "UPDATE %s SET v = %s".formatted(Sql.quote(table.targetId()), changed);
    }

    private static String step(String numeric) {
        int scale = Integer.parseInt(numeric.replaceAll(".*,|\\)", ""));
        return "1e-" + scale;
    }

    /**
     * Keys and columns of rows that differ, by way of digests, hashes and columns, as ID: COLUMN.
     */
    private static List<String> differing(
            ComparedTable.Pair pair, TableReader here, TableReader there) {
        Digest source = here.digest(pair.source(), KeyRange.ALL, Sample.EVERY_ROW, BUCKETS);
        Digest target = there.digest(pair.target(), KeyRange.ALL, Sample.EVERY_ROW, BUCKETS);
        BitSet buckets = source.differing(target);
        List<String> found = new ArrayList<>();
        if (buckets.isEmpty()) {
            return found;
        }
        List<RowDigest> ofSource = rows(here, pair.source(), buckets);
        List<RowDigest> ofTarget = rows(there, pair.target(), buckets);
        List<RowDigest> differing =
                ofSource.stream().filter(row -> !ofTarget.contains(row)).toList();
        List<List<String>> keys = differing.stream().map(RowDigest::key).toList();
        var columns = here.columns(pair.source(), keys, false);
        var others = there.columns(pair.target(), keys, false);
        for (RowDigest row : differing) {
            for (int i = 0; i < pair.source().columns().size(); i++) {
                if (!columns.get(row.keyHash()).get(i).equals(others.get(row.keyHash()).get(i))) {
                    found.add(row.key().get(0) + ": " + pair.source().columns().get(i));
                }
            }
        }
        return found;
    }

    private static List<RowDigest> rows(TableReader reader, ComparedTable table, BitSet buckets) {
        List<RowDigest> rows = new ArrayList<>();
        try (RowCursor cursor =
                reader.rows(table, KeyRange.ALL, Sample.EVERY_ROW, BUCKETS, buckets)) {
            for (Optional<RowDigest> row = cursor.next(); row.isPresent(); row = cursor.next()) {
                rows.add(row.get());
            }
        }
        return rows;
    }

    /** Without the keys' texts: a double has several that read as the same. */
    private static List<String> hashes(List<RowDigest> rows) {
        return rows.stream().map(row -> row.keyHash() + row.rowHash()).toList();
    }

    private static List<RowDigest> byKey(
            TableReader reader, ComparedTable table, List<List<String>> keys) {
        List<RowDigest> rows = new ArrayList<>();
        try (RowCursor cursor = reader.rows(table, keys)) {
            for (Optional<RowDigest> row = cursor.next(); row.isPresent(); row = cursor.next()) {
                rows.add(row.get());
            }
        }
        return rows;
    }

    /** Keys of every type that can be one: both sides tell the same rows by the same texts. */
    @Test
    void findsRowsByTheirKeysTexts() {
        List<String> sql = new ArrayList<>();
        sql.add("SET time_zone = '+00:00'; SET NAMES utf8mb4");
        List<MysqlTypeCase> cases =
                MysqlTypeCases.forDigests().stream()
                        .filter(
                                one ->
                                        !one.type()
                                                .matches("(long)?text|blob|json|geometry|point.*"))
                        .toList();
        for (int i = 0; i < cases.size(); i++) {
            sql.add("CREATE TABLE k%d (v %s PRIMARY KEY, n int)".formatted(i, cases.get(i).type()));
            for (int n = 0; n < cases.get(i).values().size(); n++) {
                sql.add(
                        "INSERT IGNORE INTO k%d VALUES (%s, %d)"
                                .formatted(i, cases.get(i).values().get(n), n));
            }
        }
        from.execute(sql.toArray(String[]::new));
        migrate();
        SoftAssertions softly = new SoftAssertions();
        look(
                (here, there) -> {
                    for (int i = 0; i < cases.size(); i++) {
                        ComparedTable.Pair pair = pair(table("k" + i));
                        BitSet all = new BitSet();
                        all.set(0, BUCKETS);
                        List<RowDigest> rows = rows(here, pair.source(), all);
                        List<List<String>> keys = rows.stream().map(RowDigest::key).toList();
                        softly.assertThat(rows).as(id(cases.get(i), i)).isNotEmpty();
                        softly.assertThat(hashes(rows(there, pair.target(), all)))
                                .as("PostgreSQL's rows of " + id(cases.get(i), i))
                                .isEqualTo(hashes(rows));
                        softly.assertThat(byKey(here, pair.source(), keys))
                                .as("by key at MySQL, " + id(cases.get(i), i))
                                .isEqualTo(rows);
                        softly.assertThat(hashes(byKey(there, pair.target(), keys)))
                                .as("by key at PostgreSQL, " + id(cases.get(i), i))
                                .isEqualTo(hashes(rows));
                    }
                });
        softly.assertAll();
    }

    @Test
    void spellingOfAKeyCounts() {
        from.execute(
                "CREATE TABLE words (k varchar(10) COLLATE utf8mb4_0900_ai_ci PRIMARY KEY, n int)",
                "INSERT INTO words VALUES ('Straße', 1), ('b ', 2)");
        migrate();
        look(
                (here, there) -> {
                    ComparedTable.Pair pair = pair(table("words"));
                    List<List<String>> keys = List.of(List.of("STRASSE"), List.of("b "));
                    assertThat(byKey(here, pair.source(), keys))
                            .extracting(RowDigest::key)
                            .containsExactly(List.of("b "));
                    assertThat(byKey(there, pair.target(), keys))
                            .isEqualTo(byKey(here, pair.source(), keys));
                });
    }

    @Test
    void rangesSumUpToTheWholeOnBothSides() {
        from.execute(
                "SET SESSION cte_max_recursion_depth = 100000; CREATE TABLE numbers (n int PRIMARY"
                        + " KEY); INSERT INTO numbers WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL"
                        + " SELECT n + 1 FROM s WHERE n < 2000) SELECT n FROM s",
                "CREATE TABLE wide (n bigint unsigned PRIMARY KEY, v varchar(20))",
                "INSERT INTO wide SELECT CAST(n AS UNSIGNED) * 9000000000000000, CONCAT('v', n) FROM numbers",
                "CREATE TABLE days (d datetime(3), n int, PRIMARY KEY (d, n))",
                "INSERT INTO days SELECT '2020-01-01 00:00:00.5' + INTERVAL n % 50 DAY, n FROM"
                        + " numbers",
                "CREATE TABLE moments (d timestamp(3), n int, PRIMARY KEY (d, n))",
                "INSERT INTO moments SELECT '2020-01-01 00:00:00.5' + INTERVAL n % 50 DAY, n FROM"
                        + " numbers",
                "CREATE TABLE texts (k varchar(20) PRIMARY KEY, n int)",
                "INSERT INTO texts SELECT CONCAT('K', n), n FROM numbers");
        migrate();
        look(
                (here, there) -> {
                    for (String name : List.of("numbers", "wide", "days", "moments", "texts")) {
                        ComparedTable.Pair pair = pair(table(name));
                        List<String> bounds = here.bounds(pair.source(), 5, 2_000);
                        Digest whole =
                                there.digest(pair.target(), KeyRange.ALL, Sample.EVERY_ROW, 1);
                        Digest sum = new Digest(1);
                        for (KeyRange range : KeyRange.between(bounds)) {
                            Digest source = here.digest(pair.source(), range, Sample.EVERY_ROW, 4);
                            Digest target = there.digest(pair.target(), range, Sample.EVERY_ROW, 4);
                            assertThat(source.differing(target).isEmpty())
                                    .as(name + " in " + range)
                                    .isTrue();
                            sum.addTotal(source);
                        }
                        assertThat(sum.hash()).as(name).isEqualTo(whole.hash());
                        assertThat(sum.rows()).isEqualTo(2_000);
                        assertThat(bounds)
                                .as("bounds of " + name)
                                .hasSizeBetween(name.equals("texts") ? 0 : 3, 5);
                        Sample some = Sample.of(200, 2_000);
                        assertThat(here.digest(pair.source(), KeyRange.ALL, some, 1).hash())
                                .isEqualTo(
                                        there.digest(pair.target(), KeyRange.ALL, some, 1).hash());
                        assertThat(here.count(pair.source())).isEqualTo(2_000);
                        assertThat(here.estimate(pair.source())).isPositive();
                    }
                });
    }

    /** Also where a JSON has to be spelled anew here, so that a row has no hash at MySQL. */
    @Test
    void tablesWithoutKeyAreMultisets() {
        from.execute(
                "CREATE TABLE bag (a int, j json)",
                "INSERT INTO bag VALUES (1, '[1e20]'), (1, '[1e20]'), (2, '[1]'), (3, NULL), (4,"
                        + " '{\"x\": -0.0}'), (5, '\"1e5\"')");
        migrate();
        BitSet all = new BitSet();
        all.set(0, BUCKETS);
        look(
                (here, there) -> {
                    ComparedTable.Pair pair = pair(table("bag"));
                    assertThat(differing(pair, here, there)).isEmpty();
                    assertThat(rows(here, pair.source(), all))
                            .hasSize(6)
                            .isEqualTo(rows(there, pair.target(), all));
                });
    }

    /** TRUNCATE reaches into the snapshot, but no table stays locked between two questions. */
    @Test
    void noticesThatATableWasRewritten() {
        from.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        migrate();
        look(
                (here, there) -> {
                    ComparedTable table = pair(table("t")).source();
                    assertThat(here.count(table)).isEqualTo(1);
                    from.execute("INSERT INTO t VALUES (2)");
                    assertThat(here.count(table)).isEqualTo(1);
                    assertThat(here.isIntact(table)).isTrue();
                    from.execute("SET lock_wait_timeout = 5; TRUNCATE t");
                    assertThat(here.isIntact(table)).isFalse();
                    assertThat(here.digest(table, KeyRange.ALL, Sample.EVERY_ROW, BUCKETS).rows())
                            .isZero();
                    assertThat(here.isIntact(table)).isFalse();
                });
    }

    @Test
    void sessionsAreLentAndGivenBack() {
        from.execute("CREATE TABLE t (id int PRIMARY KEY)");
        migrate();
        TableId id = table("t").sourceId();
        try (FrozenMysql mysql = here(2);
                TableReader one = mysql.reader()) {
            TableReader two = mysql.reader();
            two.close();
            try (TableReader three = mysql.reader()) {
                assertThat(three.count(pair(table("t")).source())).isZero();
                assertThat(one.count(pair(table("t")).source())).isZero();
                assertThat(id.name()).isEqualTo("t");
            }
        }
    }
}
