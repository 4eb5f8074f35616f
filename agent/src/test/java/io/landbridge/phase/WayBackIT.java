package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.config.Configuration;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After the switch: writes flow back, and the traffic can, too. */
class WayBackIT {

    private static final String OBSERVED =
            """
            cutover:
              mode: auto
              observe: 1h
            """;

    private static final String TABLES =
            """
            CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text UNIQUE,
                            twice bigint GENERATED ALWAYS AS (id * 2) STORED);
            CREATE TABLE part (at date, v text, PRIMARY KEY (at, v)) PARTITION BY RANGE (at);
            CREATE TABLE part_old PARTITION OF part FOR VALUES FROM (MINVALUE) TO ('2026-01-01');
            CREATE TABLE part_new PARTITION OF part FOR VALUES FROM ('2026-01-01') TO (MAXVALUE);
            CREATE TABLE nokey (v text);
            ALTER TABLE nokey REPLICA IDENTITY FULL;
            CREATE SEQUENCE down INCREMENT -3 MINVALUE -100 MAXVALUE 9 START 9 CYCLE;
            INSERT INTO t (v) SELECT 'row ' || i FROM generate_series(1, 100) i;
            INSERT INTO part SELECT '2025-12-01'::date + i, 'row ' || i FROM generate_series(1, 60) i;
            INSERT INTO nokey SELECT 'row ' || i FROM generate_series(1, 20) i;
            SELECT nextval('down') FROM generate_series(1, 5);
            """;

    @TempDir Path stateDir;

    private void write(TestDatabase database, String who) {
        database.execute(
                "INSERT INTO t (v) VALUES ('" + who + "')",
                "UPDATE t SET v = v || ' ' || '" + who + "' WHERE id % 10 = 1",
                "DELETE FROM t WHERE id = (SELECT max(id) - 1 FROM t)",
                "UPDATE t SET v = CASE id WHEN 2 THEN 'swap' ELSE v END WHERE id = 2",
                "BEGIN; UPDATE t SET v = 'x' WHERE id = 4;"
                        + " UPDATE t SET v = 'row 4' WHERE id = 5;"
                        + " UPDATE t SET v = 'row 5' WHERE id = 4; COMMIT",
                "UPDATE part SET at = '2026-02-01' WHERE v = 'row 3'",
                "DELETE FROM nokey WHERE v = 'row 7'",
                "INSERT INTO nokey VALUES ('" + who + "'), ('" + who + "')",
                "SELECT nextval('down')");
    }

    private static void awaitEqual(TestDatabase source, TestDatabase target) {
        Await.until(
                "both sides are equal",
                Duration.ofSeconds(60),
                () ->
                        RowsOf.compare(
                                        source.config(),
                                        target.config(),
                                        RowsOf.tables(source.config()))
                                .stream()
                                .allMatch(RowsOf.Comparison::equal));
    }

    private static void assertNoResidue(TestDatabase database) {
        assertThat(
                        database.rows(
                                "SELECT nspname FROM pg_namespace WHERE nspname = 'landbridge'"
                                        + " UNION ALL SELECT slot_name FROM pg_replication_slots"
                                        + " WHERE database = current_database()"
                                        + " UNION ALL SELECT pubname FROM pg_publication"
                                        + " UNION ALL SELECT tgname FROM pg_trigger"
                                        + " WHERE NOT tgisinternal"))
                .isEmpty();
    }

    /** Its own columns, tables and sequences have no place to go back to. */
    @Test
    void carriesBackWhatBothSidesHaveThoughTheTargetHasMore() throws Exception {
        TestDatabase source = Servers.source().freshDatabase();
        TestDatabase target = Servers.target().freshDatabase();
        source.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "INSERT INTO t SELECT i, 'row ' || i FROM generate_series(1, 20) i",
                "CREATE TABLE nokey (v text)",
                "ALTER TABLE nokey REPLICA IDENTITY FULL",
                "INSERT INTO nokey VALUES ('a'), ('a'), ('b')");
        target.execute(
                "CREATE TABLE t (number bigint GENERATED ALWAYS AS IDENTITY, id int PRIMARY KEY,"
                        + " note text DEFAULT 'here', v text,"
                        + " loud text GENERATED ALWAYS AS (upper(v)) STORED)",
                "CREATE TABLE nokey (at timestamptz DEFAULT now(), v text)");
        try (Service service =
                new Service(Configurations.of(source, target, "more", stateDir, OBSERVED))) {
            service.awaitPhase("MONITORING");
            target.execute(
                    "CREATE TABLE apart (id serial PRIMARY KEY, t int REFERENCES t)",
                    "INSERT INTO t (id, v, note) VALUES (21, 'new', 'noted')",
                    "INSERT INTO apart (t) VALUES (21)",
                    "UPDATE t SET note = 'only that' WHERE id = 1",
                    "UPDATE t SET v = 'changed' WHERE id = 2",
                    "UPDATE t SET id = 33 WHERE id = 3",
                    "DELETE FROM t WHERE id = 4",
                    "INSERT INTO nokey (v) VALUES ('c')",
                    "UPDATE nokey SET v = 'd' WHERE v = 'b'",
                    "DELETE FROM nokey WHERE ctid = (SELECT min(ctid) FROM nokey WHERE v = 'a')");
            String rows = "SELECT id, v FROM t ORDER BY id";
            List<String> written = target.rows(rows);
            List<String> keyless = target.rows("SELECT v FROM nokey ORDER BY v");
            Await.until(
                    "it came back, is " + service.control().status().faults(),
                    Duration.ofMinutes(1),
                    () ->
                            source.rows(rows).equals(written)
                                    && source.rows("SELECT v FROM nokey ORDER BY v")
                                            .equals(keyless));
            service.control().rollback();
            service.awaitPhase("ROLLED_BACK");
            assertThat(source.rows(rows)).isEqualTo(written);
            source.execute("INSERT INTO t VALUES (99, 'old again')");
        }
        assertThat(target.value("SELECT count(*) FROM apart")).isEqualTo("1");
        assertNoResidue(source);
    }

    @Test
    void writesFlowBackAndTheTrafficFollowsThem() {
        goAndComeBack(Servers.source().freshDatabase(), Servers.target().freshDatabase());
    }

    @Test
    void goesBackToPostgres12() {
        goAndComeBack(Servers.postgres(12).freshDatabase(), Servers.target().freshDatabase());
    }

    private void goAndComeBack(TestDatabase source, TestDatabase target) {
        source.execute(TABLES);
        Configuration config = Configurations.of(source, target, "goes_back", stateDir, OBSERVED);
        try (Service service = new Service(config)) {
            service.awaitPhase("MONITORING");
            assertThatThrownBy(() -> source.execute("DELETE FROM t"))
                    .hasMessageContaining("read-only");
            write(target, "new");
            awaitEqual(source, target);
        }
        write(target, "while nobody watches");
        try (Service service = new Service(config)) {
            awaitEqual(source, target);
            service.control().rollback();
            service.awaitPhase("ROLLED_BACK");
            assertNoResidue(source);
            assertNoResidue(target);
            assertThat(target.value("SELECT to_regclass('public.t') IS NULL")).isEqualTo("t");
            assertThat(
                            source.value(
                                    "SELECT count(*) FROM t WHERE v IN ('new', 'while nobody"
                                            + " watches')"))
                    .isNotEqualTo("0");
            source.execute("INSERT INTO t (v) VALUES ('old again')");
            assertThat(source.value("SELECT max(id) FROM t")).isEqualTo("103");
            // Seven were taken of 9, 6, 3, 0, ...: five here, two at the target.
            assertThat(source.value("SELECT nextval('down')")).isEqualTo("-12");
        }
    }

    @Test
    void finishRemovesTheWayBackAndEverythingOfOurs() {
        TestDatabase source = Servers.source().freshDatabase();
        TestDatabase target = Servers.target().freshDatabase();
        source.execute(TABLES);
        Configuration config = Configurations.of(source, target, "finishes", stateDir, OBSERVED);
        try (Service service = new Service(config)) {
            service.awaitPhase("MONITORING");
            write(target, "new");
            awaitEqual(source, target);
            service.control().finish();
            service.awaitPhase("COMPLETE");
            assertNoResidue(source);
            assertThat(
                            target.rows(
                                    "SELECT slot_name FROM pg_replication_slots WHERE database ="
                                            + " current_database()"))
                    .isEmpty();
            target.execute("UPDATE nokey SET v = v || '.'", "UPDATE t SET v = v || '.'");
        }
    }

    @Test
    void theTrafficGoesBackByItselfWhenTheTargetIsNotWell() {
        goesBackByItself(
                "query: SELECT count(*) = 0 FROM public.t WHERE v = 'broken'",
                (service, target) -> {});
    }

    @Test
    void theTrafficGoesBackByItselfWhenTheTargetRollsTooMuchBack() {
        String[] failing = new String[100];
        Arrays.fill(failing, "BEGIN; SELECT 1; ROLLBACK");
        goesBackByItself(
                "max-error-percent: 40",
                (service, target) ->
                        Await.until(
                                "the traffic goes back",
                                Duration.ofMinutes(2),
                                () -> {
                                    target.execute(failing);
                                    return !service.isIn("MONITORING");
                                }));
    }

    private void goesBackByItself(String check, BiConsumer<Service, TestDatabase> disturb) {
        TestDatabase source = Servers.source().freshDatabase();
        TestDatabase target = Servers.target().freshDatabase();
        source.execute(TABLES);
        Configuration config =
                Configurations.of(
                        source,
                        target,
                        "falls_back_" + source.name(),
                        stateDir,
                        OBSERVED
                                + """
                                  monitoring:
                                    automatic-rollback: true
                                    interval: 100ms
                                    failures: 2
                                """
                                + "    "
                                + check
                                + "\n");
        try (Service service = new Service(config)) {
            service.awaitPhase("MONITORING");
            target.execute("INSERT INTO t (v) VALUES ('broken')");
            disturb.accept(service, target);
            service.awaitPhase("ROLLED_BACK");
            assertThat(source.value("SELECT count(*) FROM t WHERE v = 'broken'")).isEqualTo("1");
            assertNoResidue(source);
        }
    }
}
