package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.Migration;
import io.landbridge.config.Configuration;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.testkit.NastyTransactions;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole migrations in this process, on real servers, under writers. */
class MigrationIT {

    /** read_only_sql_transaction: what the fence answers writers with. */
    private static final String REFUSED = "25006";

    @TempDir Path stateDir;
    private TestDatabase source;
    private TestDatabase target;

    @BeforeEach
    void makeDatabases() {
        source = Servers.source().freshDatabase();
        target = Servers.target().freshDatabase();
        Workload.createTables(source, 2_000);
    }

    @Test
    void followsWritersAndFindsBothSidesEqualWhileTheyWrite() throws Exception {
        try (Workload workload = startWriters(42);
                Migration migration = Migration.open(configuration("follows"))) {
            assertThat(migration.runUntil(Until.VALIDATED)).isTrue();
            assertThat(workload.ledger().commits()).isPositive();
            assertThat(migration.control().status().validation().orElseThrow().outcome())
                    .isEqualTo("CLEAN");
        }
    }

    @Test
    void goesOnWhereAnEarlierRunEnded() throws Exception {
        Configuration config = configuration("goes_on");
        try (Workload workload = startWriters(43)) {
            for (Until goal : new Until[] {Until.ASSESSED, Until.LOADED, Until.CAUGHT_UP}) {
                try (Migration migration = Migration.open(config)) {
                    assertThat(migration.runUntil(goal)).isTrue();
                }
            }
            workload.stop();
        }
        try (Migration migration = Migration.open(config)) {
            assertThat(migration.runUntil(Until.VALIDATED)).isTrue();
        }
        RowsOf.assertEqual(source, target);
    }

    /** The applier stands still where convergence ends, whoever asks it to go on before that. */
    @Test
    @Timeout(60)
    void goesOnWhenItWasKilledJustAsItConverged() throws Exception {
        Configuration config = configuration("converged");
        try (Migration migration = Migration.open(config)) {
            assertThat(migration.runUntil(Until.CAUGHT_UP)).isTrue();
        }
        target.execute(
                "UPDATE landbridge.migration SET document = document::jsonb || '{\"caughtUp\": false,"
                        + " \"convergeThrough\": \""
                        + source.value("SELECT pg_current_wal_insert_lsn()")
                        + "\"}'::jsonb");
        try (Migration migration = Migration.open(config)) {
            assertThat(migration.runUntil(Until.CAUGHT_UP)).isTrue();
        }
    }

    @Test
    void cutsOverUnderWritersWithoutLosingAnAcknowledgedWrite() throws Exception {
        try (Workload workload = startWriters(44)) {
            workload.holdWhenRefused(sqlState -> sqlState.equals(REFUSED));
            try (Migration migration = Migration.open(configuration("cuts_over"))) {
                assertThat(migration.runUntil(Until.COMPLETE)).isTrue();
            }
            workload.stop();
            RowsOf.assertEqual(source, target);
            workload.ledger().assertReceiptsIn(target);
        }
        assertThat(
                        source.rows(
                                "select count(*) from pg_replication_slots"
                                        + " where database = current_database()"))
                .containsExactly("0");
    }

    @Test
    void refusesATransportThatIsNotThereBeforeAnythingIsTouched() {
        Configuration config =
                configuration(
                        "no_module",
                        "transport:\n  mode: kafka\nkafka:\n  bootstrap-servers: nowhere:9092");
        try (Migration migration = Migration.open(config)) {
            assertThatThrownBy(() -> migration.runUntil(Until.LOADED))
                    .isInstanceOfSatisfying(
                            Fault.class,
                            fault -> {
                                assertThat(fault.code()).isEqualTo(FaultCode.CONFIG_INVALID);
                                assertThat(fault.hint()).contains("landbridge-kafka-mode");
                            });
        }
        assertThat(target.rows("select nspname from pg_namespace where nspname = 'landbridge'"))
                .isEmpty();
    }

    @Test
    void setsReplicaIdentitiesAndGivesBackWhatWasThere() throws Exception {
        source.execute(
                "create table bare (v int)",
                "insert into bare values (1)",
                "update bare set v = 2",
                "create table split (v int) partition by list (v)",
                "create table split_1 partition of split for values in (1)",
                "alter table split_1 replica identity nothing");
        String identities =
                "select relname, relreplident from pg_class where relname in"
                        + " ('bare', 'split', 'split_1') order by 1";
        try (Migration migration =
                Migration.open(
                        configuration("identities", "schema:\n  set-replica-identity: true"))) {
            assertThat(migration.runUntil(Until.CAUGHT_UP)).isTrue();
            assertThat(source.rows(identities)).containsExactly("bare|f", "split|f", "split_1|f");
            source.execute("update bare set v = 3", "insert into split values (1)");
            assertThat(migration.runUntil(Until.VALIDATED)).isTrue();
            migration.control().rollback();
            Thread stopper = stopWhenRolledBack(migration);
            migration.runUntil(Until.STOPPED);
            stopper.join();
        }
        assertThat(source.rows(identities)).containsExactly("bare|d", "split|d", "split_1|n");
    }

    @Test
    void rollbackLeavesNothingOfOursOnEitherSide() throws Exception {
        Configuration config = configuration("rolls_back");
        try (Migration migration = Migration.open(config)) {
            assertThat(migration.runUntil(Until.CAUGHT_UP)).isTrue();
            migration.control().rollback();
            Thread stopper = stopWhenRolledBack(migration);
            migration.runUntil(Until.STOPPED);
            stopper.join();
            assertThat(migration.control().status().stage().phase()).isEqualTo("ROLLED_BACK");
        }
        assertThat(
                        source.rows(
                                "select count(*) from pg_replication_slots where database = current_database()"))
                .containsExactly("0");
        assertThat(source.rows("select count(*) from pg_publication")).containsExactly("0");
        assertThat(target.rows("select count(*) from pg_namespace where nspname = 'landbridge'"))
                .containsExactly("0");
        assertThat(
                        target.rows(
                                "select count(*) from pg_class where relkind in ('r', 'S') and relnamespace = 'public'::regnamespace"))
                .containsExactly("0");
    }

    /** What was asked for is part of the state, like the step. */
    @Test
    void anAbortThatWasKilledLeavesTheRowsToo() throws Exception {
        Configuration config = configuration("aborts");
        try (Migration migration = Migration.open(config)) {
            assertThat(migration.runUntil(Until.CAUGHT_UP)).isTrue();
        }
        target.execute(
                "UPDATE landbridge.migration SET document = document::jsonb ||"
                        + " '{\"step\": \"ROLL_BACK\", \"aborting\": true}'::jsonb");
        try (Migration migration = Migration.open(config)) {
            Thread stopper = stopWhenRolledBack(migration);
            migration.runUntil(Until.STOPPED);
            stopper.join();
        }
        RowsOf.assertEqual(source, target);
        assertThat(target.value("select to_regnamespace('landbridge')")).isEqualTo("∅");
    }

    /** Slow enough that a table is not truncated again each time before it can be compared. */
    private Workload startWriters(long seed) {
        return Workload.start(source.config(), NastyTransactions.all(), 3, 40, seed);
    }

    private static Thread stopWhenRolledBack(Migration migration) {
        Thread stopper =
                new Thread(
                        () -> {
                            io.landbridge.testkit.Await.until(
                                    "rolled back",
                                    java.time.Duration.ofSeconds(30),
                                    () ->
                                            migration
                                                    .control()
                                                    .status()
                                                    .stage()
                                                    .phase()
                                                    .equals("ROLLED_BACK"));
                            migration.stop();
                        });
        stopper.start();
        return stopper;
    }

    private Configuration configuration(String name, String... more) {
        return Configurations.of(source, target, name, stateDir, more);
    }
}
