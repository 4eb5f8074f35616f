package io.landbridge.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.TableId;
import io.landbridge.config.ValidationConfig.Mode;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.NastyTransactions;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import io.landbridge.testkit.WriterTransaction;
import io.landbridge.validate.RepairedTable.Outcome;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage at the target is found and repaired while clients write through a real stream. */
class RepairIT {

    private static final int ROWS = 30_000;
    private static final int FAULTS = 10_000;
    private static final TableId T = new TableId("public", "t");
    private static final TableId BAG = new TableId("public", "bag");

    private static final String TABLES =
            """
            CREATE TABLE t (id bigint PRIMARY KEY, t text, f float8, s text, b bytea, n numeric,
              j jsonb, c char(9), ts timestamptz, a text[], u bigint UNIQUE);
            CREATE TABLE bag (kind int, note text);
            ALTER TABLE bag REPLICA IDENTITY FULL;
            """;

    /** What is done to a row, and the column that must be named; none for a whole row. */
    private static final List<String[]> KINDS =
            List.of(
                    new String[] {"DELETE FROM t WHERE id = %d", ""},
                    new String[] {"UPDATE t SET t = NULL WHERE id = %d", "t"},
                    new String[] {"UPDATE t SET f = '-0' WHERE id = %d", "f"},
                    new String[] {"UPDATE t SET s = s || ' ' WHERE id = %d", "s"},
                    new String[] {"UPDATE t SET s = normalize(s, NFD) WHERE id = %d", "s"},
                    new String[] {
                        "UPDATE t SET b = set_bit(b, 5, 1 - get_bit(b, 5)) WHERE id = %d", "b"
                    },
                    new String[] {"UPDATE t SET n = n * 1.0 WHERE id = %d", "n"},
                    new String[] {"UPDATE t SET j = '{\"a\": 1.00}' WHERE id = %d", "j"},
                    new String[] {"UPDATE t SET c = upper(c) WHERE id = %d", "c"},
                    new String[] {
                        "UPDATE t SET ts = ts + interval '1 microsecond' WHERE id = %d", "ts"
                    },
                    new String[] {"UPDATE t SET a = '{NULL}' WHERE id = %d", "a"},
                    // The value of a row that is there, or that will be missing.
                    new String[] {"UPDATE t SET u = -u WHERE id = %d", "u"},
                    new String[] {"INSERT INTO t (id, u) VALUES (-%d, -5000000 - %1$d)", ""});

    private final TestDatabase sourceDatabase = Servers.source().freshDatabase();
    private final TestDatabase targetDatabase = Servers.target().freshDatabase();

    @TempDir Path directory;

    private void both(String... sql) {
        sourceDatabase.execute(sql);
        targetDatabase.execute(sql);
    }

    @Test
    void findsAndRepairsTenThousandRandomFaultsUnderFullWriteLoadAndInventsNone() throws Exception {
        both(
                resource("schema.sql"),
                TABLES,
                """
                INSERT INTO t SELECT i, '', 0.0, 'café ' || i, decode(md5(i::text), 'hex'), i + 0.5,
                  '{"a": 1.0}', 'abc', '2024-01-01Z'::timestamptz + i * interval '1 s', '{""}', i
                  FROM generate_series(1, 30000) i;
                INSERT INTO bag SELECT i % 50, 'note' FROM generate_series(1, 5000) i;
                ANALYZE t;
                """);
        long seed = 20_240_229;
        List<WriterTransaction> kinds = new ArrayList<>(NastyTransactions.all());
        kinds.add(new WriterTransaction("beside the damage", 40, RepairIT::writeBeside));
        try (Pipeline pipeline = new Pipeline(sourceDatabase, targetDatabase, directory)) {
            sourceDatabase.execute("SET landbridge.rows = '200'; " + resource("populate.sql"));
            Map<String, String> expected;
            RepairReport report;
            try (Workload workload = Workload.start(sourceDatabase.config(), kinds, 4, 60, seed)) {
                expected = damage(new Random(seed));
                ValidationOptions options =
                        TwoSides.options(Mode.FULL).listing(2 * FAULTS).cutting(10_000);

                report = pipeline.repair(options).run(Set.of());

                System.out.println(
                        "repaired in " + report.duration() + ", pause " + report.pause());
                assertThat(workload.isHeld()).isFalse();
                assertThat(pipeline.validation(options).run(Map.of()).failed()).isEmpty();
            }
            assertThat(report.unrepaired()).isEmpty();
            TableResult found = of(report, T).found();
            assertThat(byKey(found)).as("seed " + seed).isEqualTo(expected);
            assertThat(found.found()).isEqualTo(expected.size());
            assertThat(of(report, T).mended()).isGreaterThanOrEqualTo(expected.size());
            assertThat(of(report, BAG).found().missing()).isEqualTo(101);
            assertThat(of(report, BAG).found().extra()).isEqualTo(7 + 50);
            assertThat(report.tables())
                    .filteredOn(table -> table.outcome() != Outcome.EQUAL)
                    .extracting(RepairedTable::table)
                    .containsExactlyInAnyOrder(T, BAG);
            pipeline.catchUp();
            assertThat(pipeline.applier.status().stopped()).isEmpty();
            RowsOf.assertEqual(sourceDatabase, targetDatabase);
        }
    }

    /** Damages the target; gives what must be found in t, by key. */
    private Map<String, String> damage(Random random) {
        List<Integer> ids = new ArrayList<>();
        for (int id = 1; id <= ROWS; id++) {
            ids.add(id);
        }
        Collections.shuffle(ids, random);
        Map<String, String> expected = new TreeMap<>();
        StringBuilder sql = new StringBuilder();
        for (int id : ids.subList(0, FAULTS)) {
            String[] kind = KINDS.get(random.nextInt(KINDS.size()));
            boolean extra = kind[0].startsWith("INSERT");
            sql.append(String.format(kind[0], id)).append(";\n");
            expected.put(
                    extra ? "-" + id : "" + id,
                    extra
                            ? "EXTRA []"
                            : kind[1].isEmpty() ? "MISSING []" : "DIFFERENT [" + kind[1] + "]");
        }
        // Rows that have each other's unique value: neither can be mended alone.
        for (int i = FAULTS; i < FAULTS + 400; i += 2) {
            int one = ids.get(i);
            int other = ids.get(i + 1);
            sql.append("UPDATE t SET u = -9000000 WHERE id = %d;\n".formatted(one));
            sql.append("UPDATE t SET u = %d WHERE id = %d;\n".formatted(one, other));
            sql.append("UPDATE t SET u = %d WHERE id = %d;\n".formatted(other, one));
            expected.put("" + one, "DIFFERENT [u]");
            expected.put("" + other, "DIFFERENT [u]");
        }
        targetDatabase.execute(
                sql.toString(),
                "DELETE FROM bag WHERE ctid IN (SELECT ctid FROM bag WHERE kind = 3 LIMIT 51)",
                "INSERT INTO bag SELECT 4, 'note' FROM generate_series(1, 7)",
                "UPDATE bag SET note = 'note ' WHERE ctid IN"
                        + " (SELECT ctid FROM bag WHERE kind = 5 LIMIT 50)");
        return expected;
    }

    /** Writes to the damaged tables, but not to the damaged rows. */
    private static boolean writeBeside(Connection connection, Random random) throws SQLException {
        int id = 1_000_000 + random.nextInt(2_000);
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO t (id, t, u) VALUES (%d, 'x', %1$d) ON CONFLICT (id) DO UPDATE SET t = t.t || 'y'"
                            .formatted(id));
            statement.execute("DELETE FROM t WHERE id = " + (1_000_000 + random.nextInt(2_000)));
            statement.execute("INSERT INTO bag VALUES (100, 'written'), (100, 'written')");
            statement.execute(
                    "DELETE FROM bag WHERE ctid = (SELECT ctid FROM bag WHERE kind = 100 LIMIT 1)");
        }
        return true;
    }

    @Test
    void aStoppedTableFollowsAgainAfterItsRepairWhileItIsWrittenTo() throws Exception {
        both(
                resource("schema.sql"),
                TABLES,
                "INSERT INTO t (id, t, u) SELECT i, 'old', i FROM generate_series(1, 20000) i",
                "INSERT INTO bag SELECT i % 50, 'note' FROM generate_series(1, 500) i");
        try (Pipeline pipeline = new Pipeline(sourceDatabase, targetDatabase, directory)) {
            targetDatabase.execute(
                    "DELETE FROM t WHERE id IN (7, 9)", "DELETE FROM bag WHERE kind = 7");
            sourceDatabase.execute(
                    "UPDATE t SET t = 'new' WHERE id = 7",
                    "UPDATE bag SET note = 'new' WHERE kind = 7");
            Await.until(
                    "both tables are stopped",
                    Duration.ofMinutes(1),
                    () -> pipeline.applier.status().stopped().keySet().equals(Set.of(T, BAG)));
            List<WriterTransaction> kinds =
                    List.of(new WriterTransaction("beside", 1, RepairIT::writeBeside));
            RepairReport report;
            try (Workload workload = Workload.start(sourceDatabase.config(), kinds, 3, 100, 7)) {
                sourceDatabase.execute("UPDATE t SET t = 'again' WHERE id BETWEEN 100 AND 12000");

                report = pipeline.repair(TwoSides.options(Mode.FULL)).run(Set.of(T, BAG));

                assertThat(workload.isHeld()).isFalse();
            }
            assertThat(report.tables())
                    .extracting(
                            RepairedTable::table, RepairedTable::outcome, RepairedTable::restarted)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(BAG, Outcome.REPAIRED, true),
                            org.assertj.core.groups.Tuple.tuple(T, Outcome.REPAIRED, true));
            pipeline.catchUp();
            assertThat(pipeline.applier.status().stopped()).isEmpty();
            RowsOf.assertEqual(sourceDatabase, targetDatabase);
        }
    }

    @Test
    void keysThatAreEqualInAnotherSpellingAndColumnsOfTheTargetsOwnAreTakenCareOf()
            throws Exception {
        String ddl = "CREATE TABLE m (v numeric PRIMARY KEY, f float8, note text)";
        both(ddl, "INSERT INTO m VALUES (1.0, 0, 'a'), (2, 0, 'b'), (3, 0, 'c')");
        targetDatabase.execute(
                "ALTER TABLE m ADD ours text DEFAULT 'none'",
                "UPDATE m SET ours = 'kept'",
                "UPDATE m SET v = 1.00 WHERE v = 1",
                "UPDATE m SET f = '-0' WHERE v = 2");
        try (Pipeline pipeline = new Pipeline(sourceDatabase, targetDatabase, directory)) {
            pipeline.catchUp();
            RepairReport report = pipeline.repair(TwoSides.options(Mode.FULL)).run(Set.of());

            assertThat(report.clean()).isTrue();
            assertThat(targetDatabase.rows("SELECT v, f, note, ours FROM m ORDER BY v"))
                    .containsExactly("1.0|0|a|none", "2|0|b|kept", "3|0|c|kept");
        }
    }

    @Test
    void aTableThatTheTargetRefusesIsNamedAndTheOthersAreRepaired() throws Exception {
        both("CREATE TABLE good (id int PRIMARY KEY, v int)", "INSERT INTO good VALUES (1, 1)");
        both("CREATE TABLE bad (id int PRIMARY KEY, v int)", "INSERT INTO bad VALUES (1, 1)");
        targetDatabase.execute(
                "UPDATE good SET v = 2",
                "UPDATE bad SET v = 2",
                "ALTER TABLE bad ADD CHECK (v > 1)");
        try (Pipeline pipeline = new Pipeline(sourceDatabase, targetDatabase, directory)) {
            pipeline.catchUp();
            RepairReport report = pipeline.repair(TwoSides.options(Mode.FULL)).run(Set.of());

            assertThat(report.unrepaired())
                    .extracting(table -> table.table().name())
                    .containsExactly("bad");
            assertThat(report.unrepaired().get(0).reason()).contains("23514");
            assertThat(targetDatabase.value("SELECT v FROM good")).isEqualTo("1");
            assertThat(targetDatabase.value("SELECT v FROM bad")).isEqualTo("2");
        }
    }

    private static RepairedTable of(RepairReport report, TableId table) {
        return report.tables().stream()
                .filter(one -> one.table().equals(table))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> byKey(TableResult table) {
        return table.differences().stream()
                .collect(
                        Collectors.toMap(
                                one -> one.key().get("id"),
                                one -> one.kind() + " " + one.columns(),
                                (one, other) -> one + " twice " + other,
                                TreeMap::new));
    }

    private static String resource(String name) throws Exception {
        try (InputStream in = RepairIT.class.getResourceAsStream("/workload/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
