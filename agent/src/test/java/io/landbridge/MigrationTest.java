package io.landbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.observe.RecordedControl;
import io.landbridge.observe.Statuses;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.ActiveFault;
import io.landbridge.phase.Phase;
import io.landbridge.phase.Until;
import io.landbridge.testkit.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What {@link Migration} promises whatever the databases do. */
class MigrationTest {

    private static final Duration SOON = Duration.ofMinutes(1);

    private final RecordedControl control = new RecordedControl(Statuses.in("CDC").build());
    private final ScriptedMigrations migrations = new ScriptedMigrations(control);

    private MigrationBuilder builder() {
        return migrations
                .builder()
                .environment(
                        Map.of(
                                "SOURCE_DB_URL", "postgresql://a@b/c",
                                "TARGET_DB_URL", "postgresql://a@d/c"));
    }

    @Test
    void isCarriedOnByOneThreadAndNoMoreOnceClosed() throws Exception {
        Migration migration = builder().open();
        migration.start();
        assertThatThrownBy(migration::start).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> migration.runUntil(Until.LOADED))
                .isInstanceOf(IllegalStateException.class);
        migration.close();
        migration.close();
        assertThat(migrations.events()).containsExactly("open", "run until STOPPED", "close");
        assertThatThrownBy(() -> migration.runUntil(Until.LOADED))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the migration is closed");
    }

    @Test
    void nobodyWaitsForWhatNobodyCarriesOn() {
        try (Migration migration = builder().open()) {
            assertThatThrownBy(migration::validate)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("start()");
            assertThatThrownBy(() -> migration.await(Until.LOADED, SOON))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(control.asked()).isEmpty();
        }
    }

    @Test
    void whoeverWaitsIsToldWhyItEnded() throws Exception {
        migrations.failing(Fault.of(FaultCode.SOURCE_GAP, "the slot is gone"));
        AtomicReference<Optional<Fault>> end = new AtomicReference<>();
        MigrationListener listener =
                new MigrationListener() {
                    @Override
                    public void ended(Optional<Fault> why) {
                        end.set(why);
                    }
                };
        try (Migration migration = builder().listener(listener).open()) {
            migration.start();
            assertThat(migration.await(Until.STOPPED, SOON)).isTrue();
            assertThatThrownBy(migration::cutover).hasMessage("the slot is gone");
            Await.until("the listener is told", SOON, () -> end.get() != null);
            assertThat(end.get().orElseThrow().code()).isEqualTo(FaultCode.SOURCE_GAP);
        }
    }

    @Test
    void whatAnOperatorMustMendIsThrown() throws Exception {
        control.show(
                Statuses.in(Phase.FAILED.name())
                        .faults(List.of(Statuses.divergence()), Statuses.counts())
                        .build());
        try (Migration migration = builder().open()) {
            migration.start();
            assertThatThrownBy(() -> migration.await(Until.COMPLETE, SOON))
                    .isInstanceOfSatisfying(
                            Fault.class,
                            fault -> {
                                assertThat(fault.code()).isEqualTo(FaultCode.DIVERGENCE);
                                assertThat(fault.hint()).isNotEmpty();
                            });
        }
    }

    @Test
    void aListenerThatFailsChangesNothingAndIsToldTheLastStatus() {
        List<MigrationStatus> told = new CopyOnWriteArrayList<>();
        List<ActiveFault> faults = new CopyOnWriteArrayList<>();
        MigrationListener listener =
                new MigrationListener() {
                    @Override
                    public void progressed(MigrationStatus status) {
                        told.add(status);
                    }

                    @Override
                    public void faultRaised(ActiveFault fault) {
                        faults.add(fault);
                        throw new IllegalStateException("a listener's own");
                    }

                    @Override
                    public Duration interval() {
                        return Duration.ofMillis(5);
                    }
                };
        try (Migration migration = builder().listener(listener).open()) {
            control.show(
                    Statuses.in("CDC")
                            .faults(List.of(Statuses.divergence()), Statuses.counts())
                            .build());
            Await.until("it was told often", SOON, () -> told.size() > 5 && !faults.isEmpty());
            control.show(Statuses.in("MONITORING").build());
            assertThat(migration.url()).isEmpty();
        }
        assertThat(told.get(told.size() - 1).stage().phase()).isEqualTo("MONITORING");
        assertThat(faults).hasSize(1);
    }

    @Test
    void figuresLeaveTheApplicationsRegistryWithTheMigration() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        registry.counter("the.applications.own");
        try (Migration migration = builder().set("migration.name", "a").meters(registry).open()) {
            String name = migration.progress().migration().name();
            Await.until(
                    "figures of the tables",
                    SOON,
                    () ->
                            !registry.find("landbridge.table.rows.loaded")
                                    .tag("migration", name)
                                    .gauges()
                                    .isEmpty());
            assertThat(
                            registry.get("landbridge.phase")
                                    .tags("migration", name, "phase", "CDC")
                                    .gauge()
                                    .value())
                    .isEqualTo(1);
        }
        assertThat(registry.getMeters()).hasSize(1);
    }

    @Test
    void servesOnlyWhenAsked() {
        try (Migration migration = builder().set("http.port", "0").serve().open()) {
            assertThat(migration.url()).isPresent();
        }
    }
}
