package io.landbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.ComparisonOrder;
import io.landbridge.phase.MigrationStatus.CutoverState;
import io.landbridge.phase.MigrationStatus.ValidationResult;
import io.landbridge.phase.Phase;
import io.landbridge.phase.Until;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole migration, carried by a program through nothing but {@link Migration}. */
@Timeout(120)
class EmbeddedMigrationIT {

    private static final Duration SOON = Duration.ofMinutes(1);

    private static final String CONFIGURATION =
            """
            migration:
              name: embedded
            cutover:
              observe: 1h
            """;

    private final TestDatabase source = Servers.source().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Told told = new Told();

    @TempDir Path stateDir;

    /** Writes down what it is told; only one thread may tell it. */
    private static final class Told implements MigrationListener {
        private final List<String> events = new CopyOnWriteArrayList<>();
        private final List<String> threads = new CopyOnWriteArrayList<>();

        private void add(String event) {
            events.add(event);
            threads.add(Thread.currentThread().getName());
        }

        @Override
        public void phaseChanged(Phase from, Phase to) {
            add(from + " -> " + to);
        }

        @Override
        public void validated(ValidationResult result) {
            add("validated " + result.outcome());
        }

        @Override
        public void cutoverEnded(CutoverState result) {
            add(result.attempt().orElseThrow().kind() + " " + result.attempt().get().outcome());
        }

        @Override
        public void ended(Optional<Fault> why) {
            add("ended " + why.map(Fault::code));
        }

        @Override
        public Duration interval() {
            return Duration.ofMillis(50);
        }
    }

    private MigrationBuilder builder() {
        return Migration.configure()
                .yaml(CONFIGURATION)
                .set("source.url", AgentHome.url(source.config()))
                .set("target.url", AgentHome.url(target.config()))
                .set("state-dir", stateDir.toString())
                .listener(told)
                .meters(meters);
    }

    @Test
    void goesThereAndBackAgainAndIsClosedInBetween() throws Exception {
        source.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)",
                "INSERT INTO t SELECT i, 'row ' || i FROM generate_series(1, 500) i");
        assertThat(builder().assess().blockers()).isZero();
        assertThat(builder().schema().sql()).anyMatch(sql -> sql.contains("CREATE TABLE"));

        try (Migration migration = builder().open()) {
            assertThat(migration.progress().stage().phase()).isEqualTo("ASSESSMENT");
            migration.start();
            assertThat(migration.await(Until.CAUGHT_UP, SOON)).isTrue();
            assertRefused(migration::finish, FaultCode.ILLEGAL_TRANSITION);
            assertRefused(migration::cutover, FaultCode.CUTOVER_REFUSED);
        }
        assertThat(meters.getMeters()).isEmpty();
        assertThat(told.events)
                .containsExactly(
                        "ASSESSMENT -> FULL_LOAD", "FULL_LOAD -> CDC", "ended Optional.empty");

        source.execute("UPDATE t SET v = 'written while nobody looked' WHERE id < 100");
        told.events.clear();
        try (Migration migration = builder().open()) {
            migration.start();
            assertThat(migration.await(Until.CAUGHT_UP, SOON)).isTrue();
            ValidationResult found = migration.validate();
            assertThat(found.outcome()).isEqualTo("CLEAN");
            assertThat(found.rowsCompared()).isEqualTo(500);
            Await.until(
                    "a figure of the application's registry",
                    SOON,
                    () ->
                            meters.get("landbridge.cutover.ready")
                                            .tag("migration", "embedded")
                                            .gauge()
                                            .value()
                                    == 1);
            assertThat(migration.rehearse().attempt().orElseThrow().kind()).isEqualTo("dry-run");
            assertThat(migration.cutover().attempt().orElseThrow().outcome()).isEqualTo("DONE");
            RowsOf.assertEqual(source, target);
            target.execute("INSERT INTO t VALUES (501, 'after the switch')");
            assertThat(migration.rollback().stage().phase()).isEqualTo("ROLLED_BACK");
            migration.stop();
            assertThat(migration.await(Until.STOPPED, SOON)).isTrue();
            assertThatThrownBy(migration::validate)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the migration was stopped");
        }
        assertThat(source.number("SELECT count(*) FROM t")).isEqualTo(501);
        assertThat(source.value("SELECT v FROM t WHERE id = 501")).isEqualTo("after the switch");
        assertThat(told.events)
                .containsSubsequence(
                        "CDC -> VALIDATION",
                        "VALIDATION -> CDC",
                        "CDC -> VALIDATION",
                        "VALIDATION -> CDC",
                        "CDC -> CUTOVER",
                        "CUTOVER -> MONITORING",
                        "MONITORING -> ROLLING_BACK",
                        "ROLLING_BACK -> ROLLED_BACK",
                        "ended Optional.empty")
                .contains("validated CLEAN", "dry-run DONE", "cutover DONE", "rollback DONE");
        assertThat(told.threads).containsOnly("progress");
    }

    @Test
    void aTableThatStoppedIsFoundAndRepaired() throws Exception {
        source.execute(
                "CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a')");
        target.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
        try (Migration migration = builder().set("migration.name", "mended").open()) {
            migration.start();
            assertThat(migration.await(Until.CAUGHT_UP, SOON)).isTrue();
            target.execute("DELETE FROM t");
            source.execute("UPDATE t SET v = 'b'");
            Await.until(
                    "the table is stopped",
                    SOON,
                    () -> migration.progress().tables().get(0).stopped().isPresent());
            assertThat(migration.validate().outcome()).isEqualTo("DIFFERENT");
            assertThat(migration.repair(ComparisonOrder.USUAL).outcome()).isEqualTo("REPAIRED");
            RowsOf.assertEqual(source, target);
            assertThat(migration.rollback().stage().phase()).isEqualTo("ROLLED_BACK");
        }
    }

    private static void assertRefused(Waiting request, FaultCode code) {
        assertThatThrownBy(request::ask)
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo(code));
    }

    private interface Waiting {
        Object ask() throws InterruptedException;
    }
}
