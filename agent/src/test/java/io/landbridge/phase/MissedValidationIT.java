package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.Migration;
import io.landbridge.config.Configuration;
import io.landbridge.fault.FaultCode;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Validations for which both sides can't come to the same place in time. */
class MissedValidationIT {

    private static final String HASTY =
            "validation:\n  interval: %s\n  meet-timeout: 300ms\ncutover:\n  max-lag: 1h\n";

    private final TestDatabase source = Servers.source().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();

    @TempDir Path stateDir;

    @Test
    void aScheduledOneIsToldOfAndTriedWhenTheNextIsDue() throws Exception {
        source.execute("CREATE TABLE t (id int PRIMARY KEY)");
        try (Migration migration = open("missed_schedule", "500ms");
                Connection writer = source.connect()) {
            assertThat(migration.runUntil(Until.CAUGHT_UP)).isTrue();
            write(writer);
            Thread follower = follow(migration);
            await(migration, status -> hasFault(status, FaultCode.SOURCE_LOCK_TIMEOUT));
            await(migration, status -> status.stage().step().equals("FOLLOW"));
            assertThat(migration.control().status().stage().phase()).isEqualTo("CDC");

            writer.commit();

            await(migration, MissedValidationIT::isClean);
            await(migration, status -> !hasFault(status, FaultCode.SOURCE_LOCK_TIMEOUT));
            end(migration, follower);
        }
    }

    @Test
    void oneThatWasOrderedIsTriedUntilItComesToPass() throws Exception {
        source.execute("CREATE TABLE t (id int PRIMARY KEY)");
        try (Migration migration = open("missed_order", "0s");
                Connection inTheWay = target.connect()) {
            assertThat(migration.runUntil(Until.CAUGHT_UP)).isTrue();
            Thread follower = follow(migration);
            inTheWay.setAutoCommit(false);
            try (var lock = inTheWay.createStatement()) {
                lock.execute("LOCK TABLE t IN SHARE MODE");
            }
            source.execute("INSERT INTO t VALUES (1)");
            migration.control().validate(ComparisonOrder.USUAL);
            await(migration, status -> hasFault(status, FaultCode.VALIDATION_MISSED));
            assertThat(migration.control().status().stage().phase()).isNotEqualTo("FAILED");

            inTheWay.rollback();

            await(migration, MissedValidationIT::isClean);
            end(migration, follower);
        }
    }

    private Migration open(String name, String interval) {
        Configuration config =
                Configurations.of(source, target, name, stateDir, HASTY.formatted(interval));
        return Migration.open(config);
    }

    private static void write(Connection writer) throws SQLException {
        writer.setAutoCommit(false);
        try (var insert = writer.createStatement()) {
            insert.execute("INSERT INTO t VALUES (1)");
        }
    }

    private static boolean hasFault(MigrationStatus status, FaultCode code) {
        return status.faults().stream().anyMatch(fault -> fault.code().equals(code.name()));
    }

    private static boolean isClean(MigrationStatus status) {
        return status.validation().filter(one -> one.outcome().equals("CLEAN")).isPresent();
    }

    private static Thread follow(Migration migration) {
        Thread follower =
                new Thread(
                        () -> {
                            try {
                                migration.runUntil(Until.STOPPED);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        follower.start();
        return follower;
    }

    private static void end(Migration migration, Thread follower) throws Exception {
        migration.stop();
        follower.join();
    }

    private static void await(Migration migration, Predicate<MigrationStatus> state) {
        Await.until(
                "the status is as expected",
                Duration.ofMinutes(1),
                () -> state.test(migration.control().status()));
    }
}
