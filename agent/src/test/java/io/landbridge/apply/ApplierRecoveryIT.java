package io.landbridge.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.RowImage;
import io.landbridge.change.SourceEvent;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.target.TableState;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.TestDatabase;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random histories end equal at the target, whatever is killed meanwhile. */
class ApplierRecoveryIT {

    private static String[] ddl() {
        List<String> ddl = new ArrayList<>(List.of(RandomHistory.TABLES));
        ddl.add(RandomHistory.UNIQUE);
        return ddl.toArray(String[]::new);
    }

    private static void append(ApplyBed bed, RandomHistory history, int most) {
        bed.commit(history.transaction(most).toArray(SourceEvent[]::new));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomHistoriesAreFollowedExactly(long seed) {
        try (ApplyBed bed = new ApplyBed(3, ddl())) {
            RandomHistory history = new RandomHistory(seed, true);
            Random random = new Random(seed);
            for (int round = 0; round < 6; round++) {
                for (int i = 0; i < 40; i++) {
                    append(bed, history, random.nextInt(20) == 0 ? 300 : 12);
                }
                ApplierStatus status = bed.applyAll(1 + random.nextInt(4), 100);
                assertThat(status.stopped()).isEmpty();
                assertThat(RandomHistory.linesOf(bed)).isEqualTo(history.state().lines());
            }
        }
    }

    /**
     * Chunks of keys are copied at random moments of a history, then all of it is replayed over
     * them: the target must end as the source, and be followed strictly from there.
     */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void chunksOfDifferentMomentsConverge(long seed) throws Exception {
        try (ApplyBed bed = new ApplyBed(2, RandomHistory.TABLES)) {
            RandomHistory history = new RandomHistory(seed, true);
            for (int i = 0; i < 20; i++) {
                history.transaction(12);
            }
            List<RandomHistory.State> moments = new ArrayList<>(List.of(history.state()));
            long firstTransaction = bed.nextTransaction();
            for (int i = 0; i < 60; i++) {
                append(bed, history, 12);
                moments.add(history.state());
            }
            SourcePosition c = bed.last();
            load(bed, new Random(seed), moments, firstTransaction);
            for (int i = 0; i < 30; i++) {
                append(bed, history, 12);
            }
            RandomHistory.State now = history.state();
            SourcePosition end = bed.last();
            bed.sourceRows =
                    (layout, key) ->
                            new SourceRows.Reading(
                                    Optional.ofNullable(
                                                    now.keyed().get(Integer.valueOf(key.value(0))))
                                            .map(RowImage::of),
                                    end);
            try (Applier applier = bed.applier(2, 50)) {
                CompletableFuture<SourcePosition> there = applier.convergeThrough(c);
                applier.start();
                SourcePosition reached = there.get(120, TimeUnit.SECONDS);
                int transactions =
                        (int) (Long.parseLong(reached.text().substring(2), 16) - 1000) / 10;
                if (transactions < moments.size()) {
                    assertThat(RandomHistory.linesOf(bed))
                            .isEqualTo(moments.get(transactions).lines());
                }
                bed.database.execute(RandomHistory.UNIQUE);
                applier.release();

                assertThat(bed.awaitApplied(applier).stopped()).isEmpty();
                assertThat(RandomHistory.linesOf(bed)).isEqualTo(now.lines());
            }
        }
    }

    private static void load(
            ApplyBed bed, Random random, List<RandomHistory.State> moments, long transaction)
            throws Exception {
        try (Connection connection = bed.database.connect();
                var statement = connection.createStatement()) {
            for (int from = 0; from < 40; from += 8) {
                int start = from;
                var keyed = new TreeMap<>(moments.get(random.nextInt(moments.size())).keyed());
                for (String[] row : keyed.subMap(start, start + 8).values()) {
                    statement.execute(
                            "INSERT INTO keyed VALUES (%s, '%s', '%s')".formatted((Object[]) row));
                }
                var uniq = new TreeMap<>(moments.get(random.nextInt(moments.size())).uniq());
                for (String[] row : uniq.subMap(start, start + 8).values()) {
                    statement.execute(
                            "INSERT INTO uniq VALUES (%s, '%s', '%s')".formatted((Object[]) row));
                }
            }
            int moment = random.nextInt(moments.size());
            for (String[] row : moments.get(moment).keyless()) {
                statement.execute(
                        "INSERT INTO keyless VALUES (%s, '%s')".formatted((Object[]) row));
            }
            long next = transaction + moment;
            bed.states.markLoaded(
                    connection, RandomHistory.KEYLESS.table(), next + ":" + next + ":");
        }
    }

    /** The commit of one worker fails after others have committed; a trigger of the server's. */
    @ParameterizedTest
    @ValueSource(
            strings = {"PERFORM pg_terminate_backend(pg_backend_pid())", "RAISE SQLSTATE '40001'"})
    void aFailureBetweenTwoCommitsIsMadeGood(String failure) {
        try (ApplyBed bed = new ApplyBed(3, ddl())) {
            bed.database.execute(
                    "CREATE SEQUENCE crashes",
                    """
                    CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                      IF nextval('public.crashes') <= 2 THEN
                        %s;
                      END IF;
                      RETURN NULL;
                    END $$"""
                            .formatted(failure),
                    """
                    CREATE CONSTRAINT TRIGGER crash AFTER INSERT OR UPDATE ON keyed
                    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
                    WHEN (NEW.id = 7) EXECUTE FUNCTION crash()""",
                    "ALTER TABLE keyed ENABLE ALWAYS TRIGGER crash");
            RandomHistory history = new RandomHistory(5, false);
            int failed = 0;
            for (int round = 0; round < 5; round++) {
                bed.database.execute("ALTER SEQUENCE crashes RESTART");
                for (int i = 0; i < 100; i++) {
                    append(bed, history, 12);
                }
                // Rows of a batch must be many, or one worker alone writes them.
                bed.commit(filler(round));
                ApplierStatus status = bed.applyAll(3, 100_000);
                assertThat(status.stopped()).isEmpty();
                assertThat(rows(bed)).isEqualTo(history.state().lines());
                failed += bed.database.number("SELECT last_value FROM crashes") > 2 ? 1 : 0;
            }
            assertThat(failed).isGreaterThan(2);
        }
    }

    private static SourceEvent[] filler(int round) {
        SourceEvent[] events = new SourceEvent[600];
        for (int i = 0; i < events.length; i++) {
            events[i] =
                    ApplyBed.insert(
                            RandomHistory.KEYED, "" + (1000 + round * 1000 + i), "filler", "");
        }
        return events;
    }

    private static List<String> rows(ApplyBed bed) {
        return RandomHistory.linesOf(bed).stream()
                .filter(line -> !line.contains("filler"))
                .toList();
    }

    @Test
    void goesOnByItselfWhenTheTargetIsRestarted() throws Exception {
        try (PostgresServer server = PostgresServer.start(17, Map.of());
                ApplyBed bed = new ApplyBed(server, 2, ddl());
                Applier applier = bed.applier(2, 100)) {
            RandomHistory history = new RandomHistory(6, true);
            applier.start();
            for (PostgresServer.Shutdown shutdown : PostgresServer.Shutdown.values()) {
                for (int i = 0; i < 200; i++) {
                    append(bed, history, 12);
                    if (i == 100) {
                        server.restart(shutdown);
                    }
                }
                long restarted = System.nanoTime();
                ApplierStatus status = bed.awaitApplied(applier);
                assertThat(System.nanoTime() - restarted).isLessThan(TimeUnit.SECONDS.toNanos(10));
                assertThat(status.stopped()).isEmpty();
                assertThat(RandomHistory.linesOf(bed)).isEqualTo(history.state().lines());
                Await.until(
                        "nothing is wrong any more",
                        ApplyBed.PATIENCE,
                        () -> applier.status().fault().isEmpty());
            }
        }
    }

    @Test
    void aLockOfSomebodyElseIsWaitedOutAndShown() throws Exception {
        try (ApplyBed bed = new ApplyBed(2, ddl());
                Applier applier = bed.applier(2);
                Connection other = bed.database.connect()) {
            RandomHistory history = new RandomHistory(7, false);
            other.setAutoCommit(false);
            try (var statement = other.createStatement()) {
                statement.execute("LOCK TABLE keyed, uniq, keyless");
            }
            applier.start();
            append(bed, history, 50);
            Await.until(
                    "the lock is shown",
                    ApplyBed.PATIENCE,
                    () ->
                            applier.status()
                                    .fault()
                                    .filter(fault -> fault.code() == FaultCode.TARGET_LOCK_TIMEOUT)
                                    .isPresent());
            other.rollback();
            bed.awaitApplied(applier);
            assertThat(RandomHistory.linesOf(bed)).isEqualTo(history.state().lines());
        }
    }

    @Test
    void anotherAgentThatTookTheStreamOverEndsIt() {
        try (ApplyBed bed = new ApplyBed(2, ddl());
                Applier applier = bed.applier(2)) {
            RandomHistory history = new RandomHistory(8, false);
            append(bed, history, 5);
            applier.start();
            bed.awaitApplied(applier);
            bed.database.execute("DELETE FROM landbridge.progress");
            append(bed, history, 5);
            CompletableFuture<SourcePosition> never = applier.awaitMarker("never");

            Await.until(
                    "it fails",
                    ApplyBed.PATIENCE,
                    () -> applier.status().state() == ApplierStatus.State.FAILED);

            assertThat(applier.status().fault().get().code()).isEqualTo(FaultCode.NOT_LEADER);
            assertThat(never).failsWithin(120, TimeUnit.SECONDS);
            assertThat(applier.hold()).failsWithin(120, TimeUnit.SECONDS);
        }
    }

    /** A zombie's batch must not go in after its successor's. */
    @Test
    void anAgentThatWasOvertakenWritesNothing() {
        try (ApplyBed bed = new ApplyBed(2, ddl());
                Applier applier = bed.applier(2)) {
            append(bed, new RandomHistory(9, false), 5);
            applier.start();
            bed.awaitApplied(applier);
            bed.database.execute("UPDATE landbridge.progress SET position = '0/1FFFFFFF'");
            bed.commit(ApplyBed.insert(RandomHistory.KEYED, "4711", "late", ""));

            Await.until(
                    "it fails",
                    ApplyBed.PATIENCE,
                    () -> applier.status().state() == ApplierStatus.State.FAILED);

            assertThat(applier.status().fault().get().code()).isEqualTo(FaultCode.NOT_LEADER);
            assertThat(bed.database.number("SELECT count(*) FROM keyed WHERE id = 4711")).isZero();
        }
    }

    /** A COMMIT that an earlier connection sent is waited for, or it would be applied twice. */
    @Test
    void aCommitThatIsStillOnItsWayIsWaitedFor() throws Exception {
        try (ApplyBed bed = new ApplyBed(2, ddl());
                Connection earlier = bed.database.connect()) {
            earlier.setAutoCommit(false);
            bed.commit(ApplyBed.insert(RandomHistory.KEYED, "4711", "once", ""));
            try (var statement = earlier.createStatement()) {
                statement.execute("INSERT INTO keyed VALUES (4711, 'once', '')");
                statement.execute(
                        "UPDATE landbridge.progress SET position = '" + bed.last().text() + "'");
            }
            try (Applier applier = bed.applier(2)) {
                applier.start();
                Await.until(
                        "it waits",
                        ApplyBed.PATIENCE,
                        () ->
                                bed.database.number(
                                                "SELECT count(*) FROM pg_stat_activity WHERE"
                                                        + " wait_event_type = 'Lock' AND datname ="
                                                        + " current_database()")
                                        == 1);
                earlier.commit();
                ApplierStatus status = bed.awaitApplied(applier);
                assertThat(status.stopped()).isEmpty();
                assertThat(status.fault()).isEmpty();
            }
        }
    }

    @Test
    void stoppedTablesAreRememberedByOthers() {
        try (ApplyBed bed = new ApplyBed(2, ddl())) {
            bed.commit(ApplyBed.delete(RandomHistory.KEYED, "1", null, null));
            bed.applyAll(2);

            Map<?, TableState> states = bed.target.with("states", bed.states::read);

            assertThat(states.get(RandomHistory.KEYED.table()).isStopped()).isTrue();
            TestDatabase database = bed.database;
            assertThat(database.number("SELECT count(*) FROM keyed")).isZero();
        }
    }
}
