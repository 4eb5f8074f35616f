package io.landbridge.apply;

import static io.landbridge.apply.ApplyBed.UNCHANGED;
import static io.landbridge.apply.ApplyBed.delete;
import static io.landbridge.apply.ApplyBed.insert;
import static io.landbridge.apply.ApplyBed.row;
import static io.landbridge.apply.ApplyBed.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.Lsn;
import io.landbridge.target.ApplyNotes;
import io.landbridge.target.TableState;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.MysqlServer;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The applier's rules hold over MySQL as they do over PostgreSQL. */
class MysqlApplierIT {

    private static final String[] HISTORY = {
        "CREATE TABLE keyed (id int PRIMARY KEY, a text, big text)",
        "CREATE TABLE uniq (id int PRIMARY KEY, u int UNIQUE, big text)",
        "CREATE TABLE keyless (a int, b varchar(10))"
    };

    private static void append(MysqlApplyBed bed, RandomHistory history, int most) {
        bed.commit(history.transaction(most).toArray(SourceEvent[]::new));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void randomHistoriesAreFollowedExactly(long seed) {
        try (MysqlApplyBed bed = new MysqlApplyBed(3, HISTORY)) {
            RandomHistory history = new RandomHistory(seed, true);
            Random random = new Random(seed);
            for (int round = 0; round < 4; round++) {
                for (int i = 0; i < 40; i++) {
                    append(bed, history, random.nextInt(20) == 0 ? 300 : 12);
                }
                ApplierStatus status = bed.applyAll(1 + random.nextInt(4), 100);
                assertThat(status.stopped()).isEmpty();
                assertThat(bed.lines()).isEqualTo(history.state().lines());
            }
        }
    }

    /** Connections are killed at any moment: in a statement, between two workers' commits. */
    @Test
    void killedConnectionsLoseNothingAndDoubleNothing() throws Exception {
        try (MysqlApplyBed bed = new MysqlApplyBed(3, HISTORY);
                Applier applier = bed.applier(3, 2000)) {
            RandomHistory history = new RandomHistory(5, false);
            applier.start();
            AtomicBoolean enough = new AtomicBoolean();
            Thread killer = new Thread(() -> kill(bed, enough));
            killer.start();
            for (int round = 0; round < 6; round++) {
                for (int i = 0; i < 40; i++) {
                    append(bed, history, 12);
                }
                bed.commit(filler(round));
            }
            Await.until(
                    "kills were survived",
                    ApplyBed.PATIENCE,
                    () -> applier.status().retries() >= 3);
            enough.set(true);
            killer.join();
            ApplierStatus status = bed.awaitApplied(applier);
            assertThat(status.stopped()).isEmpty();
            assertThat(bed.lines().stream().filter(line -> !line.contains("filler")).toList())
                    .isEqualTo(history.state().lines());
            assertThat(bed.database.number("SELECT COUNT(*) FROM keyed WHERE a = 'filler'"))
                    .isEqualTo(6 * 1000);
        }
    }

    private static void kill(MysqlApplyBed bed, AtomicBoolean enough) {
        Random random = new Random(5);
        while (!enough.get()) {
            List<String> ours =
                    bed.rows(
                            "SELECT p.id FROM information_schema.processlist p JOIN"
                                    + " performance_schema.session_connect_attrs a"
                                    + " ON a.processlist_id = p.id WHERE p.db = DATABASE()"
                                    + " AND a.attr_name = 'program_name'"
                                    + " AND a.attr_value LIKE 'landbridge apply%'");
            if (!ours.isEmpty()) {
                try {
                    bed.database.execute("KILL " + ours.get(random.nextInt(ours.size())));
                } catch (IllegalStateException e) {
                    // It has ended by itself meanwhile.
                }
            }
        }
    }

    private static SourceEvent[] filler(int round) {
        return IntStream.range(0, 1000)
                .mapToObj(
                        i ->
                                insert(
                                        RandomHistory.KEYED,
                                        "" + (1000 + round * 1000 + i),
                                        "filler",
                                        "-"))
                .toArray(SourceEvent[]::new);
    }

    @Test
    void goesOnByItselfWhenTheServerCrashes() {
        try (MysqlServer server = MysqlServer.start(Map.of("max-allowed-packet", "1M"));
                MysqlApplyBed bed = new MysqlApplyBed(server, 2, HISTORY);
                Applier applier = bed.applier(2, 100)) {
            RandomHistory history = new RandomHistory(6, true);
            applier.start();
            for (int i = 0; i < 300; i++) {
                append(bed, history, 12);
                if (i == 150) {
                    server.kill();
                    server.start();
                }
            }
            assertThat(bed.awaitApplied(applier).stopped()).isEmpty();
            assertThat(bed.lines()).isEqualTo(history.state().lines());

            bed.commit(insert(RandomHistory.KEYED, "4711", "a", "x".repeat(2 << 20)));
            assertThat(
                            bed.awaitApplied(applier)
                                    .stopped()
                                    .get(RandomHistory.KEYED.table())
                                    .reason())
                    .contains("[id] = [4711]")
                    .contains("max_allowed_packet");
        }
    }

    @Test
    void resumesWhereWorkersStandApart() {
        try (MysqlApplyBed bed =
                new MysqlApplyBed(
                        3,
                        "CREATE TABLE t (id int PRIMARY KEY, a text)",
                        "CREATE TABLE k (a int)")) {
            TableLayout t = bed.layout("t");
            TableLayout k = bed.layout("k");
            bed.commit(
                    IntStream.range(0, 600)
                            .mapToObj(i -> insert(t, "" + i, "a"))
                            .toArray(SourceEvent[]::new));
            bed.commit(insert(k, "1"), update(t, row("5", UNCHANGED), row("1005", "b")));
            bed.applyAll(3, 5000);
            // A crash between two commits: workers 0 and 2 are back where they were.
            TablePlans plans =
                    new TablePlans(
                            bed.target,
                            new ApplyNotes(bed.database.name(), "back"),
                            bed.states,
                            Map.of(),
                            Map.of());
            plans.refresh(false, true);
            Dealing dealing = new Dealing(3);
            TablePlan divided = new TablePlan(t, null, false, Optional.empty());
            TablePlan undivided = new TablePlan(k, null, true, Optional.empty());
            String lost =
                    IntStream.range(0, 1006)
                            .filter(i -> dealing.of(divided, t.keyOf(row("" + i, null))) != 1)
                            .mapToObj(String::valueOf)
                            .collect(Collectors.joining(", "));
            bed.database.execute("DELETE FROM t WHERE id IN (" + lost + ")");
            if (dealing.of(undivided) != 1) {
                bed.database.execute("DELETE FROM k");
            }
            bed.moveProgress(MysqlApplyBed.START, "worker <> 1");
            bed.commit(insert(t, "2000", "c"));

            ApplierStatus status = bed.applyAll(2, 5000);

            assertThat(status.stopped()).isEmpty();
            assertThat(bed.database.number("SELECT COUNT(*) FROM t")).isEqualTo(601);
            assertThat(bed.rows("SELECT * FROM k")).containsExactly("1");
            assertThat(bed.positions()).hasSize(2);
            assertThat(bed.positions()).allMatch(one -> one.position().equals(bed.last()));
        }
    }

    @Test
    void aDivergenceStopsItsTableAndNothingElse() {
        try (MysqlApplyBed bed =
                new MysqlApplyBed(
                        2,
                        "CREATE TABLE gone (id int PRIMARY KEY, a int)",
                        "CREATE TABLE lost (id int PRIMARY KEY, a int)",
                        "CREATE TABLE twin (id int PRIMARY KEY, a int UNIQUE)",
                        "CREATE TABLE fine (id int PRIMARY KEY, a int)",
                        "INSERT INTO twin VALUES (1, 7)")) {
            bed.commit(
                    insert(bed.layout("fine"), "1", "1"),
                    delete(bed.layout("gone"), "5", null),
                    update(bed.layout("lost"), "6", "1"),
                    insert(bed.layout("twin"), "2", "7"),
                    update(bed.layout("fine"), "1", "2"));

            ApplierStatus status = bed.applyAll(2, 5000);

            Map<TableId, TableState.Stop> stopped = status.stopped();
            assertThat(stopped).hasSize(3);
            assertThat(stopped.get(bed.layout("gone").table()).reason())
                    .startsWith("DELETE of key [id] = [5]: DELETE in public.gone touched 0 of 1");
            assertThat(stopped.get(bed.layout("lost").table()).reason())
                    .startsWith("UPDATE of key [id] = [6]");
            TableState.Stop twin = stopped.get(bed.layout("twin").table());
            assertThat(twin.code()).isEqualTo(FaultCode.DIVERGENCE);
            assertThat(twin.reason())
                    .contains("INSERT of key [id] = [2] was refused: MySQL's error 1062")
                    .contains("key twin.a")
                    .doesNotContain("'7'");
            assertThat(bed.rows("SELECT * FROM fine")).containsExactly("1|2");
            assertThat(bed.target.with("states", bed.states::read)).hasSize(3);
        }
    }

    @Test
    void aSwapOfUniqueValuesGoesInTheSourcesOrder() {
        try (MysqlApplyBed bed =
                new MysqlApplyBed(2, "CREATE TABLE t (id int PRIMARY KEY, u int UNIQUE)")) {
            TableLayout t = bed.layout("t");
            bed.commit(insert(t, "1", "10"), insert(t, "2", "20"));
            bed.commit(update(t, "1", "0"), update(t, "2", "10"), update(t, "1", "20"));

            ApplierStatus status = bed.applyAll(2, 5000);

            assertThat(status.stopped()).isEmpty();
            assertThat(bed.rows("SELECT * FROM t ORDER BY id")).containsExactly("1|20", "2|10");
        }
    }

    @Test
    void aTransactionLargerThanABatchCommitsOnce() {
        try (MysqlApplyBed bed =
                new MysqlApplyBed(3, "CREATE TABLE t (id int PRIMARY KEY, a varchar(9))")) {
            TableLayout t = bed.layout("t");
            SourceEvent[] events =
                    IntStream.range(0, 20_000)
                            .mapToObj(
                                    i ->
                                            i < 10_000
                                                    ? insert(t, "" + i, "a")
                                                    : update(t, "" + (i - 10_000), "b"))
                            .toArray(SourceEvent[]::new);
            bed.commit(events);

            ApplierStatus status = bed.applyAll(3, 500);

            assertThat(status.batches()).isEqualTo(1);
            assertThat(status.fallbacks()).isZero();
            assertThat(bed.database.number("SELECT COUNT(*) FROM t WHERE a = 'b'"))
                    .isEqualTo(10_000);
        }
    }

    /** Texts that MySQL takes for equal are different rows all the same. */
    @Test
    void ofRowsWithoutAKeyTheVeryOneGoes() {
        try (MysqlApplyBed bed =
                new MysqlApplyBed(
                        2,
                        "CREATE TABLE k (a varchar(9), f double, d datetime(3), j json, b blob,"
                                + " e enum('x','y'))",
                        "INSERT INTO k VALUES ('a', 1.5, '2024-01-01', '[1]', x'00', 'x')",
                        "INSERT INTO k VALUES ('A', 1.5, '2024-01-01', '[1]', x'00', 'x')",
                        "INSERT INTO k VALUES ('A ', 1.5, '2024-01-01', '[1]', x'00', 'x')",
                        "INSERT INTO k VALUES ('A', 1.5, '2024-01-01', '[1]', x'00', 'x')",
                        "INSERT INTO k VALUES (NULL, NULL, NULL, NULL, NULL, NULL)")) {
            TableLayout k = bed.layout("k");
            String[] a = {"A", "1.5", "2024-01-01 00:00:00", "[1]", "\\x00", "x"};
            String[] none = new String[6];
            bed.commit(
                    delete(k, a),
                    update(k, row(none), row("new", "2", null, null, "\\x", "y")),
                    update(k, row(a), row("B", "1.5", "2024-01-01 00:00:00.5", "[1]", "\\x", "y")));

            assertThat(bed.applyAll(2, 5000).stopped()).isEmpty();

            assertThat(bed.rows("SELECT CONCAT('<', a, '>'), f, d, HEX(b), e FROM k"))
                    .containsExactlyInAnyOrder(
                            "<a>|1.5|2024-01-01 00:00:00|00|x",
                            "<A >|1.5|2024-01-01 00:00:00|00|x",
                            "<B>|1.5|2024-01-01 00:00:00.500||y",
                            "<new>|2.0|∅||y");
        }
    }

    /** What MySQL would fill in by itself is what PostgreSQL says. */
    @Test
    void nothingIsFilledInByMysql() {
        try (MysqlApplyBed bed =
                new MysqlApplyBed(
                        2,
                        "CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, a int,"
                                + " at timestamp NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP,"
                                + " twice int AS (a * 2) STORED)",
                        "INSERT INTO t (id, a, at) VALUES (5, 1, '2001-01-01 00:00:00')")) {
            TableLayout t = bed.layout("t");
            bed.commit(insert(t, "0", "3", null, "6"), update(t, "5", "2", UNCHANGED, "4"));

            assertThat(bed.applyAll(2, 5000).stopped()).isEmpty();

            assertThat(bed.rows("SELECT id, a, DATE_FORMAT(at, '%Y'), twice FROM t ORDER BY id"))
                    .containsExactly("0|3|∅|6", "5|2|2001|4");
        }
    }

    /** A user's trigger or a fence that says no for now is waited out, visibly. */
    @Test
    void aTableThatIsReadOnlyForNowIsWaitedFor() {
        try (MysqlApplyBed bed =
                        new MysqlApplyBed(
                                2,
                                "CREATE TABLE t (id int PRIMARY KEY)",
                                "CREATE TRIGGER no BEFORE INSERT ON t FOR EACH ROW SIGNAL SQLSTATE"
                                        + " 'HY000' SET MYSQL_ERRNO = 1290");
                Applier applier = bed.applier(2, 5000)) {
            applier.start();
            bed.commit(insert(bed.layout("t"), "1"));
            Await.until(
                    "the fault is shown",
                    ApplyBed.PATIENCE,
                    () -> applier.status().fault().isPresent());
            assertThat(applier.status().stopped()).isEmpty();
            bed.database.execute("DROP TRIGGER no");
            bed.awaitApplied(applier);
            assertThat(bed.rows("SELECT id FROM t")).containsExactly("1");
        }
    }

    @Test
    void aRowThatSomebodyHoldsIsWaitedForAndTheHolderNamed() throws Exception {
        try (MysqlApplyBed bed =
                        new MysqlApplyBed(
                                2,
                                "CREATE TABLE t (id int PRIMARY KEY, a int)",
                                "INSERT INTO t VALUES (1, 1)");
                Applier applier = bed.applier(2, 5000);
                Connection other = bed.database.connect()) {
            other.setAutoCommit(false);
            try (var statement = other.createStatement()) {
                statement.execute("UPDATE t SET a = 0");
            }
            applier.start();
            bed.commit(update(bed.layout("t"), "1", "2"));
            Await.until(
                    "the holder is named",
                    ApplyBed.PATIENCE,
                    () ->
                            applier.status()
                                    .waitingFor()
                                    .filter(
                                            who ->
                                                    who.contains("landbridge")
                                                            || who.contains("root"))
                                    .isPresent());
            other.rollback();
            bed.awaitApplied(applier);
            assertThat(bed.rows("SELECT a FROM t")).containsExactly("2");
        }
    }

    /** A zombie's batch must not go in after its successor's. */
    @Test
    void anAgentThatWasOvertakenWritesNothing() {
        try (MysqlApplyBed bed = new MysqlApplyBed(2, HISTORY);
                Applier applier = bed.applier(2, 5000)) {
            bed.commit(insert(RandomHistory.KEYED, "1", "a", "b"));
            applier.start();
            bed.awaitApplied(applier);
            bed.moveProgress(new Lsn(0x1FFFFFFF), "TRUE");
            bed.commit(insert(RandomHistory.KEYED, "4711", "late", ""));

            Await.until(
                    "it fails",
                    ApplyBed.PATIENCE,
                    () -> applier.status().state() == ApplierStatus.State.FAILED);

            assertThat(applier.status().fault().get().code()).isEqualTo(FaultCode.NOT_LEADER);
            assertThat(bed.database.number("SELECT COUNT(*) FROM keyed WHERE id = 4711")).isZero();
        }
    }

    /** A COMMIT that an earlier connection sent is waited for, or it would be applied twice. */
    @Test
    void aCommitThatIsStillOnItsWayIsWaitedFor() throws Exception {
        try (MysqlApplyBed bed = new MysqlApplyBed(2, HISTORY);
                Connection earlier = bed.database.connect()) {
            earlier.setAutoCommit(false);
            bed.commit(insert(RandomHistory.KEYED, "4711", "once", ""));
            try (var statement = earlier.createStatement()) {
                statement.execute("INSERT INTO keyed VALUES (4711, 'once', '')");
                statement.execute(
                        "UPDATE landbridge.progress SET position = '%s' WHERE migration = '%s'"
                                .formatted(bed.last().text(), bed.database.name()));
            }
            try (Applier applier = bed.applier(2, 5000)) {
                applier.start();
                Await.until(
                        "it waits",
                        ApplyBed.PATIENCE,
                        () ->
                                bed.database.number(
                                                "SELECT COUNT(*) FROM performance_schema.data_locks"
                                                        + " WHERE lock_status = 'WAITING' AND"
                                                        + " object_name = 'progress'")
                                        > 0);
                earlier.commit();
                ApplierStatus status = bed.awaitApplied(applier);
                assertThat(status.stopped()).isEmpty();
                assertThat(status.fault()).isEmpty();
            }
        }
    }
}
