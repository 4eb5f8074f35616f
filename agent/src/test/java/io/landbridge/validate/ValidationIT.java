package io.landbridge.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.change.TableId;
import io.landbridge.config.ValidationConfig.Mode;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.validate.TableResult.Outcome;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a comparison sees and what it doesn't, with nobody writing. */
class ValidationIT {

    private TwoSides sides = new TwoSides();

    @AfterEach
    void close() {
        sides.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 14})
    void equalRowsHashAlikeOnEveryVersion(int major) {
        sides.close();
        sides = new TwoSides(Servers.postgres(major), Servers.target());
        sides.execute(
                """
                CREATE TYPE mood AS ENUM ('low', 'high');
                CREATE TYPE pair AS (a int, b text);
                CREATE TABLE kinds (id bigint PRIMARY KEY, i2 smallint, n numeric, f4 real, f8 float8,
                  m money, c char(7), v varchar(9), t text, b bytea, ts timestamp, tz timestamptz,
                  d date, ti time, tt timetz, iv interval, bo bool, e mood, p pair, pt point,
                  bx box, ne inet, ma macaddr, bi bit(3), vb varbit, tv tsvector, u uuid, x xml,
                  j json, jb jsonb, ia int[], ta text[][], r int4range, nr numrange, pl path,
                  g int GENERATED ALWAYS AS (i2 * 2) STORED);
                INSERT INTO kinds VALUES
                  (1, 2, 1.50, 0.1, 1e-300, 12.34, 'ab', 'cd', E'a"b\\\\c,()\\n', '\\x00ff',
                   '2024-02-29 24:00', '0044-03-15 12:00+01 BC', 'infinity', '24:00', '10:00-15:59:59',
                   '1 year -2 days 03:04:05.678', true, 'high', ROW(1, NULL), '(1,-0)',
                   '((0,0),(1,1))', '10.0.0.1/8', '08:00:2b:01:02:03', B'101', B'', 'a:1 b:2',
                   'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '<a>b</a>', '{"a": 1.0, "a":2}',
                   '{"b": 1.00, "a": null}', '{1,NULL,3}', '{{a,b},{"",NULL}}', '[1,5)', 'empty',
                   '((1,2),(3,4))');
                INSERT INTO kinds VALUES
                  (3, NULL, 'NaN', 'NaN', '-infinity', -0.01, '', '', '', '');
                """);
        ValidationReport report = sides.validate(TwoSides.options(Mode.FULL));
        assertThat(report.clean()).as(report.toString()).isTrue();
        assertThat(report.comparedRows()).isEqualTo(2);
        assertThat(report.tables().get(0).sourceHash()).hasSize(32).isNotEqualTo("0".repeat(32));
        assertThat(report.position()).contains("/");
    }

    @Test
    void namesMissingExtraAndDifferentRowsWithTheirColumns() {
        sides.execute("CREATE TABLE t (a int, b text, v text, n numeric, PRIMARY KEY (a, b))");
        sides.sourceDatabase.execute(
                "INSERT INTO t VALUES (1, 'same', 'x', 1), (2, 'gone', 'x', 1), (3, 'two', 'é', 1.0)");
        sides.targetDatabase.execute(
                "INSERT INTO t VALUES (1, 'same', 'x', 1), (4, 'new', 'x', 1), (3, 'two', 'e', 1.00)");
        ValidationReport report =
                sides.validate(TwoSides.options(Mode.FULL).showingValues().masking("public.t.v"));
        TableResult table = report.tables().get(0);
        assertThat(report.clean()).isFalse();
        assertThat(table.outcome()).isEqualTo(Outcome.DIFFERENT);
        assertThat(List.of(table.missing(), table.extra(), table.different()))
                .containsExactly(1L, 1L, 1L);
        assertThat(table.differences())
                .extracting(one -> one.kind() + " " + one.key() + " " + one.columns())
                .containsExactlyInAnyOrder(
                        "MISSING {a=2, b=gone} []",
                        "EXTRA {a=4, b=new} []",
                        "DIFFERENT {a=3, b=two} [v, n]");
        RowDifference different =
                table.differences().stream()
                        .filter(one -> one.kind() == RowDifference.Kind.DIFFERENT)
                        .findFirst()
                        .orElseThrow();
        assertThat(different.values()).containsOnlyKeys("n");
        assertThat(different.values().get("n").source()).contains("1.0");
        assertThat(different.values().get("n").target()).contains("1.00");
    }

    @Test
    void manySmallTablesAreComparedTogetherAndWhatDiffersIsStillNamed() {
        sides.execute(
                """
                DO $$ BEGIN FOR i IN 100..299 LOOP
                  EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, v text)', i);
                  EXECUTE format('INSERT INTO t%s SELECT n, n FROM generate_series(1, 3) n', i);
                END LOOP; END $$""",
                "CREATE TABLE bag (v text)",
                "INSERT INTO bag VALUES ('x'), ('x')",
                "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id)",
                "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
                "INSERT INTO p VALUES (1)");
        sides.targetDatabase.execute(
                "UPDATE t150 SET v = 'other' WHERE id = 2",
                "DELETE FROM t250 WHERE id = 3",
                "INSERT INTO bag VALUES ('x')");

        ValidationReport report = sides.validate(TwoSides.options(Mode.FULL));

        assertThat(report.tables()).hasSize(202);
        assertThat(report.comparedRows()).isEqualTo(603);
        assertThat(report.failed())
                .extracting(one -> one.table().name() + " " + one.found())
                .containsExactly("bag 1", "t150 1", "t250 1");
        assertThat(report.failed().get(1).differences())
                .extracting(one -> one.key() + " " + one.columns())
                .containsExactly("{id=2} [v]");
        assertThat(report.tables())
                .filteredOn(TableResult::isEqual)
                .allMatch(one -> one.sourceHash().equals(one.targetHash()));
    }

    @Test
    void aTableThatIsGoneFromTheTargetDoesNotHideThoseComparedWithIt() {
        sides.execute(
                "CREATE TABLE a (id int PRIMARY KEY)",
                "CREATE TABLE b (id int PRIMARY KEY, v text)",
                "INSERT INTO b VALUES (1, 'x')");
        Validation validation = sides.validation(TwoSides.options(Mode.FULL));
        sides.targetDatabase.execute("ALTER TABLE b DROP COLUMN v");

        assertThatThrownBy(() -> validation.run(Map.of()))
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> {
                            assertThat(fault.code()).isEqualTo(FaultCode.TARGET_SQL);
                            assertThat(fault.table()).contains(new TableId("public", "b"));
                        });
    }

    @Test
    void aServerThatKeepsTextsInAnotherEncodingIsCompared() {
        String name = sides.sourceDatabase.name() + "_latin";
        sides.sourceDatabase.execute(
                "CREATE DATABASE "
                        + name
                        + " TEMPLATE template0 ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C'");
        TestDatabase latin = new TestDatabase(sides.sourceDatabase.server(), name);
        try (TwoSides others = new TwoSides(latin, sides.targetDatabase)) {
            others.execute(
                    "CREATE TABLE t (id int PRIMARY KEY, v text)",
                    "INSERT INTO t SELECT n, chr(228) || n FROM generate_series(1, 2000) n");
            ValidationReport same = others.validate(TwoSides.options(Mode.FULL));
            others.targetDatabase.execute("UPDATE t SET v = 'a7' WHERE id = 7");
            ValidationReport different = others.validate(TwoSides.options(Mode.FULL));

            assertThat(same.clean()).isTrue();
            assertThat(different.failed()).extracting(TableResult::found).containsExactly(1L);
        }
    }

    @Test
    void comparesTablesWithoutKeyAsMultisets() {
        sides.execute("CREATE TABLE bag (a int, b text)");
        sides.sourceDatabase.execute(
                "INSERT INTO bag VALUES (1, 'x'), (1, 'x'), (1, 'x'), (2, NULL), (3, 'c')");
        sides.targetDatabase.execute(
                "INSERT INTO bag VALUES (3, 'c'), (1, 'x'), (2, ''), (4, 'd'), (4, 'd')");
        TableResult table = sides.validate(TwoSides.options(Mode.FULL)).tables().get(0);
        assertThat(List.of(table.missing(), table.extra(), table.different()))
                .containsExactly(3L, 3L, 0L);
        assertThat(table.differences())
                .extracting(one -> one.kind() + " " + one.rows())
                .containsExactlyInAnyOrder("MISSING 2", "MISSING 1", "EXTRA 1", "EXTRA 2");
    }

    @Test
    void countsOnlyWhenAskedTo() {
        sides.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
        sides.sourceDatabase.execute("INSERT INTO t VALUES (1, 'a')");
        sides.targetDatabase.execute("INSERT INTO t VALUES (2, 'b')");
        assertThat(sides.validate(TwoSides.options(Mode.COUNT)).clean()).isTrue();
        sides.targetDatabase.execute("INSERT INTO t VALUES (3, 'b')");
        ValidationReport report = sides.validate(TwoSides.options(Mode.COUNT));
        assertThat(report.clean()).isFalse();
        assertThat(report.tables().get(0).reason()).contains("1 rows at the source, 2");
    }

    @Test
    void samplesTheSameRowsEveryTimeAndOnBothSides() {
        sides.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "INSERT INTO t SELECT i, md5(i::text) FROM generate_series(1, 20000) i",
                "ANALYZE t");
        TableResult first = sides.validate(TwoSides.options(Mode.SAMPLE)).tables().get(0);
        TableResult second = sides.validate(TwoSides.options(Mode.SAMPLE)).tables().get(0);
        assertThat(first.isEqual()).isTrue();
        assertThat(first.sourceRows()).isEqualTo(20_000);
        assertThat(first.comparedRows()).isBetween(850L, 1150L);
        assertThat(second.sourceHash()).isEqualTo(first.sourceHash());
        sides.targetDatabase.execute("UPDATE t SET v = v || ' '");
        TableResult damaged = sides.validate(TwoSides.options(Mode.SAMPLE)).tables().get(0);
        assertThat(damaged.different()).isEqualTo(first.comparedRows());
    }

    @Test
    void tellsEveryDifferenceButListsOnlySome() {
        sides.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "INSERT INTO t SELECT i, '' FROM generate_series(1, 5000) i",
                "ANALYZE t");
        sides.targetDatabase.execute("UPDATE t SET v = NULL");
        TableResult table =
                sides.validate(TwoSides.options(Mode.FULL).listing(10).cutting(700))
                        .tables()
                        .get(0);
        assertThat(table.different()).isEqualTo(5000);
        assertThat(table.differences()).hasSize(10);
    }

    @Test
    void whatWasNotComparedFailsTheValidation() {
        sides.execute("CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE ok (id int PRIMARY KEY)");
        sides.sourceDatabase.execute("CREATE TABLE absent (id int)");
        sides.sourceDatabase.execute("ALTER TABLE t ADD COLUMN more int");
        sides.execute("CREATE TABLE stopped (id int)");
        ValidationReport report =
                sides.validation(TwoSides.options(Mode.FULL))
                        .run(Map.of(new TableId("public", "stopped"), "stopped: DIVERGENCE"));
        assertThat(report.clean()).isFalse();
        assertThat(report.failed())
                .extracting(table -> table.table().name() + ": " + table.reason())
                .containsExactly(
                        "absent: the target has no such table",
                        "stopped: stopped: DIVERGENCE",
                        "t: columns missing at the target: [more]");
    }

    @Test
    void partitionsAndTextKeysOfOtherCollationsAreComparedAsTheyAre() {
        sides.execute(
                """
                CREATE TABLE p (id int, k text COLLATE "C", PRIMARY KEY (id, k)) PARTITION BY RANGE (id);
                CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (500);
                CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (500) TO (5000);
                INSERT INTO p SELECT i, md5(i::text) FROM generate_series(0, 2999) i;
                CREATE SCHEMA "Weird ""s";
                CREATE TABLE "Weird ""s"."Tä'ble" ("K ey" text PRIMARY KEY, "ROW" int);
                INSERT INTO "Weird ""s"."Tä'ble" SELECT chr(i), i FROM generate_series(32, 2000) i;
                ANALYZE;
                """);
        ValidationOptions options = TwoSides.options(Mode.FULL).cutting(400);
        assertThat(sides.validate(options).clean()).isTrue();
        sides.targetDatabase.execute(
                "DELETE FROM p WHERE id = 2500",
                "UPDATE \"Weird \"\"s\".\"Tä'ble\" SET \"K ey\" = chr(3000) WHERE \"ROW\" = 228");
        ValidationReport report = sides.validate(options);
        assertThat(report.differences()).isEqualTo(3);
        assertThat(report.comparedRows()).isEqualTo(3000 + 1969);
    }

    @Test
    void keysOfTypesThatAreNotBuiltInAreLookedUpToo() {
        sides.execute(
                """
                CREATE EXTENSION IF NOT EXISTS citext;
                CREATE TYPE grade AS ENUM ('a', 'b');
                CREATE TABLE t (c citext, g grade, v char(4), PRIMARY KEY (c, g));
                INSERT INTO t VALUES ('X', 'a', 'x'), ('Y', 'b', 'y');
                """);
        sides.targetDatabase.execute("UPDATE t SET v = 'z' WHERE g = 'b'");
        TableResult table = sides.validate(TwoSides.options(Mode.FULL)).tables().get(0);
        assertThat(table.differences())
                .extracting(one -> one.key() + " " + one.columns())
                .containsExactly("{c=Y, g=b} [v]");
    }

    @Test
    void tablesTruncatedAndRewrittenMeanwhileAreComparedAgain() throws Exception {
        sides.execute(
                """
                CREATE TABLE a_big (id int PRIMARY KEY, v text);
                INSERT INTO a_big SELECT i, md5(i::text) FROM generate_series(1, 20000) i;
                CREATE TABLE t (id int PRIMARY KEY);
                INSERT INTO t VALUES (1), (2);
                CREATE TABLE u (id int PRIMARY KEY);
                INSERT INTO u VALUES (1);
                CREATE TABLE p (id int) PARTITION BY RANGE (id);
                CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
                INSERT INTO p VALUES (1);
                """);
        Validation validation =
                sides.validation(new ValidationOptions(Mode.FULL, 0, 1, 10, 1_000_000));
        AtomicInteger parts = new AtomicInteger();
        validation.beforeEachPart(
                () -> {
                    if (parts.getAndIncrement() == 0) {
                        sides.sourceDatabase.execute("TRUNCATE t; INSERT INTO t VALUES (3)");
                        sides.targetDatabase.execute(
                                "BEGIN; TRUNCATE t; INSERT INTO t VALUES (3); COMMIT",
                                "BEGIN; TRUNCATE p1; INSERT INTO p VALUES (1); COMMIT");
                    }
                });
        ValidationReport report = validation.run(Map.of());
        assertThat(report.failed()).isEmpty();
        assertThat(report.comparedRows()).isEqualTo(20_000 + 1 + 1 + 1);
        assertThat(parts.get()).as("a_big, t with u, t, p; then t, p").isEqualTo(6);
        sides.execute("DROP TABLE p1");
        assertThat(sides.validate(TwoSides.options(Mode.FULL)).clean()).isTrue();
    }

    @Test
    void noTableStaysLockedBehindTheReading() {
        sides.execute(
                """
                CREATE TABLE a (id int PRIMARY KEY);
                CREATE TABLE b (id int PRIMARY KEY);
                INSERT INTO a SELECT generate_series(1, 40000);
                INSERT INTO b SELECT generate_series(1, 39000);
                """);
        Validation validation =
                sides.validation(new ValidationOptions(Mode.FULL, 0, 1, 10, 1_000_000));
        AtomicInteger parts = new AtomicInteger();
        validation.beforeEachPart(
                () -> {
                    if (parts.getAndIncrement() == 1) {
                        sides.execute("SET lock_timeout = '1s'; ALTER TABLE a ADD COLUMN x int");
                    }
                });
        assertThat(validation.run(Map.of()).clean()).isTrue();
    }
}
