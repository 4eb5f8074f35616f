package io.landbridge.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.change.TableId;
import io.landbridge.config.LoadConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.target.TableState;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.PostgresServer.Shutdown;
import io.landbridge.testkit.Proxy;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong while rows are copied, and what is written meanwhile. */
class LoadFaultsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** About three seconds for 60,000 rows of {@link #filled}. */
    private static final LoadConfig SLOW = new LoadConfig(2, 2_000, 1 << 20);

    private static LoadFixture fixture() {
        return new LoadFixture(Servers.source().freshDatabase(), Servers.target().freshDatabase());
    }

    private static LoadFixture filled(LoadFixture fixture) {
        return fixture.onBoth(
                        "CREATE TABLE keyed (id int PRIMARY KEY, v text)",
                        "CREATE TABLE second (a text, b int, PRIMARY KEY (a, b))",
                        "CREATE TABLE keyless (v text)")
                .onSource(
                        "INSERT INTO keyed SELECT n, repeat('x', 30) FROM"
                                + " generate_series(1, 30000) n",
                        "INSERT INTO second SELECT md5(n::text), n FROM"
                                + " generate_series(1, 20000) n",
                        "INSERT INTO keyless SELECT repeat('y', 20) FROM"
                                + " generate_series(1, 10000)",
                        "ANALYZE");
    }

    private static CompletableFuture<Boolean> running(BulkLoad load) {
        return CompletableFuture.supplyAsync(load::run);
    }

    private static void awaitRows(BulkLoad load, long rows) {
        Await.until(rows + " rows are copied", DEADLINE, () -> load.status().rows() >= rows);
    }

    @Test
    void resumesInMidTableAfterBeingBrokenOff() throws Exception {
        try (LoadFixture fixture = filled(fixture())) {
            for (long rows = 8_000; rows <= 40_000; rows += 8_000) {
                try (BulkLoad load = fixture.load(SLOW)) {
                    load.plan();
                    CompletableFuture<Boolean> run = running(load);
                    awaitRows(load, rows);
                    long start = System.nanoTime();
                    load.stop();
                    assertThat(run.get(5, TimeUnit.SECONDS)).isFalse();
                    assertThat(Duration.ofNanos(System.nanoTime() - start))
                            .isLessThan(Duration.ofSeconds(2));
                }
            }
            assertThat(fixture.states().get(new TableId("public", "keyed")).isLoaded()).isFalse();

            fixture.loadAll(SLOW);

            fixture.assertEqual();
        }
    }

    @Test
    void goesOnWhenServersEndItsSessions() throws Exception {
        try (LoadFixture fixture = filled(fixture());
                BulkLoad load = fixture.load(SLOW)) {
            load.plan();
            CompletableFuture<Boolean> run = running(load);
            for (long rows = 5_000; rows <= 50_000; rows += 5_000) {
                awaitRows(load, rows);
                terminate(rows % 10_000 == 0 ? fixture.sourceDatabase : fixture.targetDatabase);
            }

            assertThat(run.get(60, TimeUnit.SECONDS)).isTrue();

            fixture.assertEqual();
            assertThat(load.status().retries()).isGreaterThan(5);
            assertThat(load.status().rows()).isEqualTo(60_000);
            assertThat(load.status().waiting()).isEmpty();
        }
    }

    private static void terminate(TestDatabase database) {
        database.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                        + " current_database() AND application_name LIKE 'landbridge load%'");
    }

    @ParameterizedTest
    @EnumSource(Shutdown.class)
    void goesOnAfterBothServersRestarted(Shutdown shutdown) throws Exception {
        try (PostgresServer from = PostgresServer.start(14, Map.of());
                PostgresServer to = PostgresServer.start(17, Map.of());
                LoadFixture fixture =
                        filled(new LoadFixture(from.freshDatabase(), to.freshDatabase()));
                BulkLoad load = fixture.load(SLOW)) {
            load.plan();
            CompletableFuture<Boolean> run = running(load);
            awaitRows(load, 10_000);
            from.restart(shutdown);
            awaitRows(load, 20_000);
            to.restart(shutdown);
            awaitRows(load, 30_000);
            to.stop(shutdown);
            Await.until("it says so", DEADLINE, () -> load.status().waiting().isPresent());
            to.start();

            assertThat(run.get(60, TimeUnit.SECONDS)).isTrue();

            fixture.assertEqual();
            assertThat(load.status().rows()).isEqualTo(60_000);
        }
    }

    @Test
    void goesOnWhenConnectionsAreCut() throws Exception {
        TestDatabase from = Servers.source().freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        try (Proxy nearSource = new Proxy("127.0.0.1", from.server().port());
                Proxy nearTarget = new Proxy("127.0.0.1", to.server().port());
                LoadFixture fixture =
                        filled(
                                new LoadFixture(
                                        from,
                                        nearSource.through(from.config()),
                                        to,
                                        nearTarget.through(to.config())));
                BulkLoad load = fixture.load(SLOW)) {
            load.plan();
            CompletableFuture<Boolean> run = running(load);
            awaitRows(load, 10_000);
            nearSource.cutOnce();
            awaitRows(load, 20_000);
            nearTarget.cut();
            Await.until("it says so", DEADLINE, () -> load.status().waiting().isPresent());
            nearSource.cut();
            nearTarget.restore();
            nearSource.restore();

            assertThat(run.get(60, TimeUnit.SECONDS)).isTrue();

            fixture.assertEqual();
        }
    }

    @Test
    void waitsForDiskSpace() throws Exception {
        try (LoadFixture fixture = filled(fixture())) {
            // A disk that is full says 53100; here a trigger says it for the disk.
            fixture.onTarget(
                    "CREATE TABLE landbridge.disk (is_full bool)",
                    "INSERT INTO landbridge.disk VALUES (true)",
                    "CREATE FUNCTION landbridge.disk() RETURNS trigger LANGUAGE plpgsql AS $$"
                            + " BEGIN IF (SELECT is_full FROM landbridge.disk) THEN RAISE"
                            + " EXCEPTION 'no space left' USING ERRCODE = '53100'; END IF;"
                            + " RETURN NULL; END $$",
                    "CREATE TRIGGER disk AFTER INSERT ON keyed EXECUTE FUNCTION landbridge.disk()",
                    "ALTER TABLE keyed ENABLE ALWAYS TRIGGER disk");
            try (BulkLoad load = fixture.load()) {
                load.plan();
                CompletableFuture<Boolean> run = running(load);
                Await.until(
                        "it says so",
                        DEADLINE,
                        () -> load.status().waiting().orElse("").contains("TARGET_FULL"));
                fixture.onTarget("UPDATE landbridge.disk SET is_full = false");

                assertThat(run.get(60, TimeUnit.SECONDS)).isTrue();
            }
            fixture.assertEqual();
        }
    }

    @Test
    void stopsAtOnceWhileTheTargetBlocks() throws Exception {
        try (LoadFixture fixture = filled(fixture());
                var blocker = fixture.targetDatabase.connect()) {
            blocker.setAutoCommit(false);
            try (var statement = blocker.createStatement()) {
                statement.execute("LOCK TABLE keyed, second, keyless IN ACCESS EXCLUSIVE MODE");
            }
            try (BulkLoad load = fixture.load(new LoadConfig(2, 500_000, 0))) {
                blocker.commit();
                load.plan();
                try (var statement = blocker.createStatement()) {
                    statement.execute("LOCK TABLE keyed, second, keyless IN ACCESS EXCLUSIVE MODE");
                }
                CompletableFuture<Boolean> run = running(load);
                Await.until(
                        "both workers wait",
                        DEADLINE,
                        () ->
                                fixture.targetDatabase.number(
                                                "SELECT count(*) FROM pg_locks WHERE NOT granted")
                                        == 2);
                long start = System.nanoTime();
                load.stop();
                assertThat(run.get(5, TimeUnit.SECONDS)).isFalse();
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .isLessThan(Duration.ofSeconds(2));
            }
            blocker.rollback();
            fixture.loadAll(SLOW);
            fixture.assertEqual();
        }
    }

    @Test
    void pausesBetweenChunksAndKeepsToTheThrottle() throws Exception {
        try (LoadFixture fixture = filled(fixture());
                BulkLoad load = fixture.load(SLOW)) {
            load.plan();
            load.pause();
            long start = System.nanoTime();
            CompletableFuture<Boolean> run = running(load);
            assertThat(load.status().paused()).isTrue();
            assertThat(load.status().rows()).isZero();
            load.resume();
            Await.until(
                    "a table tells its pace",
                    DEADLINE,
                    () ->
                            load.status().tables().stream()
                                    .anyMatch(
                                            t ->
                                                    t.rowsPerSecond() > 0
                                                            && t.timeLeft().isPresent()));

            assertThat(run.get(60, TimeUnit.SECONDS)).isTrue();
            assertThat(load.status().tables()).allMatch(t -> t.timeLeft().isEmpty());

            double seconds = (System.nanoTime() - start) / 1e9;
            assertThat(load.status().bytes() / seconds).isLessThan(1.3 * (1 << 20));
            fixture.assertEqual();
        }
    }

    @Test
    void copiesATableWithoutKeyAsItsSnapshotSaw() throws Exception {
        try (LoadFixture fixture = fixture();
                BulkLoad load = keyless(fixture).load(new LoadConfig(2, 1000, 1 << 20));
                RepeatedWrites writer =
                        new RepeatedWrites(
                                fixture.sourceDatabase,
                                "INSERT INTO log (v) SELECT 'new' FROM generate_series(1, 3)",
                                "DELETE FROM log WHERE ctid IN (SELECT ctid FROM log LIMIT 2)")) {
            load.plan();
            CompletableFuture<Boolean> run = running(load);
            assertThat(run.get(60, TimeUnit.SECONDS)).isTrue();
            writer.end();
            assertThat(writer.rounds()).isGreaterThan(10);

            TableState state = fixture.states().get(new TableId("public", "log"));
            String snapshot = state.snapshot().orElseThrow();
            // Rows still there that the snapshot saw, and those deleted after it, are the copy.
            String kept =
                    "SELECT id FROM log WHERE txid_visible_in_snapshot(inserted, '%s')"
                            + " UNION ALL SELECT id FROM landbridge.gone WHERE"
                            + " txid_visible_in_snapshot(inserted, '%s') AND NOT"
                            + " txid_visible_in_snapshot(deleted, '%s') ORDER BY id";
            assertThat(fixture.targetDatabase.rows("SELECT id FROM log ORDER BY id"))
                    .isEqualTo(fixture.sourceDatabase.rows(kept.replace("%s", snapshot)));
        }
    }

    private static LoadFixture keyless(LoadFixture fixture) {
        return fixture.onBoth(
                        "CREATE TABLE log (id int, inserted bigint DEFAULT txid_current(), v text)")
                .onSource(
                        "CREATE SEQUENCE landbridge_id",
                        "ALTER TABLE log ALTER id SET DEFAULT nextval('landbridge_id')",
                        "CREATE SCHEMA landbridge",
                        "CREATE TABLE landbridge.gone (id int, inserted bigint, deleted bigint)",
                        "CREATE FUNCTION landbridge.keep() RETURNS trigger LANGUAGE plpgsql AS $$"
                                + " BEGIN INSERT INTO landbridge.gone VALUES (OLD.id,"
                                + " OLD.inserted, txid_current()); RETURN NULL; END $$",
                        "CREATE TRIGGER keep AFTER DELETE ON log FOR EACH ROW"
                                + " EXECUTE FUNCTION landbridge.keep()",
                        "INSERT INTO log (v) SELECT repeat('x', 30) FROM"
                                + " generate_series(1, 30000)");
    }

    @Test
    void copiesEachKeyOnceUnderWrites() throws Exception {
        try (LoadFixture fixture = filled(fixture());
                BulkLoad load = fixture.load(SLOW);
                RepeatedWrites writer =
                        new RepeatedWrites(
                                fixture.sourceDatabase,
                                // Keys go to the other end, so that rows change chunks.
                                "UPDATE keyed SET id = id + 100000, v = 'moved' WHERE id ="
                                        + " (SELECT min(id) FROM keyed WHERE id BETWEEN 1 AND"
                                        + " 10000)",
                                "UPDATE keyed SET id = -id WHERE id = (SELECT max(id) FROM keyed"
                                        + " WHERE id > 100000 AND id % 3 = 0)",
                                "UPDATE keyed SET v = 'changed' WHERE id % 100 = 7")) {
            load.plan();
            CompletableFuture<Boolean> run = running(load);
            assertThat(run.get(60, TimeUnit.SECONDS)).isTrue();
            writer.end();
            assertThat(writer.rounds()).isGreaterThan(10);

            // Those that nobody wrote to are all there, each once, as they were.
            assertThat(
                            fixture.targetDatabase.value(
                                    "SELECT count(*), count(DISTINCT id), max(length(v)) FROM keyed"
                                            + " WHERE id BETWEEN 10001 AND 30000 AND id % 100 <> 7"))
                    .isEqualTo("19800|19800|30");
            assertThat(
                            fixture.targetDatabase.number(
                                    "SELECT count(*) - count(DISTINCT id) FROM" + " keyed"))
                    .isZero();
        }
    }

    @Test
    void copiesOneMomentWhereUniqueIndexesStay() throws Exception {
        TableId table = new TableId("public", "seats");
        try (LoadFixture fixture = fixture()) {
            fixture.onBoth(
                    "CREATE TABLE seats (id int PRIMARY KEY, seat int, changed bigint)",
                    "CREATE UNIQUE INDEX ON seats (seat)");
            fixture.onSource(
                    "INSERT INTO seats SELECT n, n, 0 FROM generate_series(1, 30000) n",
                    "ANALYZE seats");
            try (BulkLoad load = fixture.load(SLOW, Set.of(table));
                    RepeatedWrites writer =
                            new RepeatedWrites(
                                    fixture.sourceDatabase,
                                    // The first gives its seat to the last, which gave up its own.
                                    "UPDATE seats SET seat = -seat, changed = txid_current()"
                                            + " WHERE id IN (1, 30000)",
                                    "UPDATE seats SET seat = CASE id WHEN 1 THEN 30000 ELSE 1 END,"
                                            + " changed = txid_current() WHERE id IN (1, 30000)",
                                    "UPDATE seats SET seat = -seat, changed = txid_current()"
                                            + " WHERE id IN (1, 30000)",
                                    "UPDATE seats SET seat = id, changed = txid_current()"
                                            + " WHERE id IN (1, 30000)")) {
                load.plan();
                assertThat(running(load).get(60, TimeUnit.SECONDS)).isTrue();
                writer.end();
            }
            String snapshot = fixture.states().get(table).snapshot().orElseThrow();
            assertThat(
                            fixture.sourceDatabase.rows(
                                    "SELECT DISTINCT txid_visible_in_snapshot(%s, '%s')"
                                            .formatted(
                                                    fixture.targetDatabase.value(
                                                            "SELECT max(changed) FROM seats"),
                                                    snapshot)))
                    .containsExactly("t");
            assertThat(fixture.targetDatabase.number("SELECT count(*) FROM seats"))
                    .isEqualTo(30_000);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE t ADD COLUMN more text",
                "ALTER TABLE t DROP COLUMN value",
                "ALTER TABLE t RENAME COLUMN value TO other",
                "ALTER TABLE t ALTER COLUMN value TYPE real",
                "ALTER TABLE t ALTER COLUMN value TYPE text",
                "DROP TABLE t"
            })
    void saysWhichTableWasChangedDuringTheLoad(String ddl) {
        try (LoadFixture fixture = fixture()) {
            fixture.onBoth(
                    "CREATE TABLE t (id int PRIMARY KEY, value int)",
                    "CREATE TABLE other (id int PRIMARY KEY)");
            fixture.onSource("INSERT INTO t SELECT n, n FROM generate_series(1, 1000) n");
            try (BulkLoad load = fixture.load()) {
                load.plan();
                fixture.onSource(ddl);

                assertThatThrownBy(load::run)
                        .isInstanceOfSatisfying(
                                Fault.class,
                                fault -> {
                                    assertThat(fault.code()).isEqualTo(FaultCode.SOURCE_DDL);
                                    assertThat(fault.table()).contains(new TableId("public", "t"));
                                });
            }
            assertThat(fixture.targetDatabase.number("SELECT count(*) FROM t")).isZero();
        }
    }

    @Test
    void takesOutAgainWhatItBroughtIntoTablesThatWereThere() {
        try (LoadFixture fixture = fixture()) {
            fixture.onBoth(
                    "CREATE TABLE a (id int PRIMARY KEY)",
                    "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a)",
                    "CREATE TABLE empty (id int PRIMARY KEY)");
            fixture.onTarget(
                    "CREATE SCHEMA outside",
                    "CREATE TABLE outside.refers (a int REFERENCES a ON DELETE CASCADE)",
                    "INSERT INTO outside.refers VALUES (NULL)");
            fixture.onSource("INSERT INTO a VALUES (1), (2)", "INSERT INTO b VALUES (1, 1)");
            TablesConfig tables = new TablesConfig(List.of("public.*"), List.of());
            BulkLoad load = fixture.load(new LoadConfig(2, 500_000, 0), Set.of(), tables);
            load.plan();
            assertThat(load.run()).isTrue();
            fixture.onTarget("INSERT INTO empty VALUES (1)");

            assertThat(
                            LoadedRows.remove(
                                    fixture.target,
                                    LoadFixture.MIGRATION,
                                    List.of(new TableId("public", "b"))))
                    .containsExactlyInAnyOrder(
                            new TableId("public", "a"), new TableId("public", "empty"));

            assertThat(fixture.targetDatabase.rows("SELECT count(*) FROM a")).containsExactly("0");
            assertThat(fixture.targetDatabase.rows("SELECT count(*) FROM b")).containsExactly("1");
            assertThat(fixture.targetDatabase.rows("SELECT count(*) FROM empty"))
                    .containsExactly("0");
            assertThat(fixture.targetDatabase.rows("SELECT count(*) FROM outside.refers"))
                    .containsExactly("1");
        }
    }

    @Test
    void loadsThousandsOfSmallTablesInFewTransactions() {
        try (LoadFixture fixture = fixture()) {
            fixture.onBoth(
                    "DO $$ BEGIN FOR i IN 1..3000 LOOP EXECUTE format('CREATE TABLE t%s (id int,"
                            + " v text)', i); IF i % 10 <> 0 THEN EXECUTE format('ALTER TABLE t%s"
                            + " ADD PRIMARY KEY (id)', i); END IF; IF i % 500 = 0 THEN COMMIT;"
                            + " END IF; END LOOP; END $$");
            fixture.onSource(
                    "DO $$ BEGIN FOR i IN 1..3000 LOOP EXECUTE format('INSERT INTO t%s SELECT n,"
                            + " n FROM generate_series(1, 5) n', i); END LOOP; END $$");

            LoadStatus status = fixture.loadAll(new LoadConfig(2, 500_000, 0));

            // On a busy machine only counts tell, not the clock.
            assertThat(sessions(fixture.sourceDatabase)).isLessThan(20);
            assertThat(sessions(fixture.targetDatabase)).isLessThan(20);
            assertThat(
                            fixture.targetDatabase.number(
                                    "SELECT count(DISTINCT xmin::text) FROM landbridge.chunk"))
                    .isLessThan(3000 / 50);
            assertThat(status.tablesLoaded()).isEqualTo(3000);
            assertThat(status.rows()).isEqualTo(15_000);
            assertThat(fixture.states().values()).allMatch(TableState::isLoaded);
            fixture.assertEqual();
        }
    }

    private static long sessions(TestDatabase database) {
        return database.number(
                "SELECT sessions FROM pg_stat_database WHERE datname = current_database()");
    }
}
