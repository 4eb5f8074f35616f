package io.landbridge.soak;

import io.landbridge.Migration;
import io.landbridge.config.Configuration;
import io.landbridge.phase.ComparisonOrder;
import io.landbridge.phase.MigrationControl;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.testkit.Await;
import java.time.Duration;

/** An agent in this process, and what a soak waits for. */
final class SoakedMigration implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private final Migration migration;

    SoakedMigration(Configuration configuration) {
        this.migration = Migration.open(configuration);
        migration.start();
    }

    MigrationControl control() {
        return migration.control();
    }

    MigrationStatus status() {
        return migration.control().status();
    }

    /** Nothing speaks against a cutover, a comparison of this moment least of all. */
    void awaitReadyAfterValidation() {
        Await.until(
                "caught up",
                PATIENCE,
                () ->
                        status().stage().step().equals("FOLLOW")
                                && status().cutover().notReady().size() == 1);
        control().validate(ComparisonOrder.USUAL);
        Await.until("ready", PATIENCE, () -> status().cutover().notReady().isEmpty());
    }

    void awaitPhase(String phase) {
        Await.until(phase, PATIENCE, () -> status().stage().phase().equals(phase));
    }

    void awaitStep(String step) {
        Await.until(step, PATIENCE, () -> status().stage().step().equals(step));
    }

    /** Waits for its end. */
    @Override
    public void close() {
        migration.close();
    }
}
