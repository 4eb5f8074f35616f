package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.Migration;
import io.landbridge.change.TableId;
import io.landbridge.config.Configuration;
import io.landbridge.phase.MigrationStatus.RepairResult;
import io.landbridge.phase.MigrationStatus.ValidationResult;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Both sides of a move from MySQL are compared while writers go on: no false alarm, and every one
 * of a thousand faults.
 */
class MysqlValidationIT {

    private static final int ROWS = 5_000;

    private final MysqlTestDatabase source = Servers.mysql().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();

    @TempDir Path directory;

    @Test
    void isCleanUnderWritersAndFindsAndMendsAThousandFaults() throws Exception {
        source.execute(
                "CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY, customer bigint unsigned NOT"
                        + " NULL, total decimal(10,2), note text, state enum('new','paid, late') NOT"
                        + " NULL, at datetime(3), rate double, paid tinyint(1), doc json)",
                "CREATE TABLE words (word varchar(40) COLLATE utf8mb4_0900_ai_ci PRIMARY KEY, n int,"
                        + " tags set('a', 'b c'))",
                "CREATE TABLE log (line varchar(40), n int, doc json)",
                "SET SESSION cte_max_recursion_depth = 100000",
                "INSERT INTO orders (customer, total, note, state, at, rate, paid, doc) WITH RECURSIVE"
                        + " n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE i < "
                        + ROWS
                        + ") SELECT 18446744073709551615 - i, i / 7, CONCAT('note, ', i), 'new',"
                        + " '2024-02-29 23:59:59.120', i / 7e0, i % 2, JSON_OBJECT('n', i / 7e10)"
                        + " FROM n",
                "INSERT INTO words SELECT CONCAT('Wörd ', id), id, 'a,b c' FROM orders",
                "INSERT INTO log SELECT CONCAT('line ', id), id, doc FROM orders LIMIT 1000");
        Configuration config = configuration();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Throwable> refused = new AtomicReference<>();
        Thread writer = new Thread(() -> write(stop));
        writer.setUncaughtExceptionHandler((thread, e) -> refused.set(e));
        writer.start();
        try (Migration migration = Migration.open(config)) {
            assertThat(migration.runUntil(Until.CAUGHT_UP)).isTrue();
            Thread follower = follow(migration);
            for (int i = 0; i < 3; i++) {
                assertThat(validated(migration).outcome()).isEqualTo("CLEAN");
            }
            plantAThousandFaults();
            ValidationResult found = validated(migration);
            assertThat(found.outcome()).isEqualTo("DIFFERENT");
            assertThat(found.differences()).isEqualTo(1_000);
            assertThat(found.differingTables())
                    .containsExactlyInAnyOrder(table("orders"), table("words"), table("log"));
            await(migration, status -> status.stage().step().equals("FOLLOW"));
            migration.control().repair(new ComparisonOrder(List.of(), Optional.empty(), false));
            await(
                    migration,
                    status -> status.repair().filter(one -> one.endedAt().isPresent()).isPresent());
            RepairResult repair = migration.control().status().repair().orElseThrow();
            assertThat(repair.outcome()).isEqualTo("REPAIRED");
            assertThat(repair.rows()).isEqualTo(1_000);
            assertThat(validated(migration).outcome()).isEqualTo("CLEAN");
            migration.stop();
            follower.join();
        } finally {
            stop.set(true);
            writer.join();
        }
        assertThat(refused.get()).as("the writer's transactions all went through").isNull();
    }

    private TableId table(String name) {
        return new TableId(source.name(), name);
    }

    /** In rows that nobody else writes to. */
    private void plantAThousandFaults() {
        String schema = source.name() + ".";
        target.execute(
                "UPDATE " + schema + "orders SET total = total + 0.01 WHERE id BETWEEN 1 AND 200",
                "UPDATE " + schema + "orders SET note = note || ' ' WHERE id BETWEEN 201 AND 300",
                "UPDATE "
                        + schema
                        + "orders SET at = at + interval '1 ms' WHERE id BETWEEN 301 AND 400",
                "UPDATE "
                        + schema
                        + "orders SET rate = rate * (1 + 2.3e-16) WHERE id BETWEEN 401 AND 500",
                "UPDATE "
                        + schema
                        + "orders SET doc = doc || '{\"x\": 1}' WHERE id BETWEEN 501 AND 600",
                "DELETE FROM " + schema + "orders WHERE id BETWEEN 601 AND 700",
                "UPDATE " + schema + "words SET tags = '{a}' WHERE n BETWEEN 1 AND 150",
                "DELETE FROM " + schema + "words WHERE n BETWEEN 151 AND 200",
                "DELETE FROM " + schema + "log WHERE n <= 50",
                "INSERT INTO "
                        + schema
                        + "log SELECT 'line ' || i, i, NULL FROM generate_series(51, 100) i");
    }

    private void write(AtomicBoolean stop) {
        Random random = new Random(7);
        while (!stop.get()) {
            int id = 1_001 + random.nextInt(ROWS - 1_000);
            source.execute(
                    "START TRANSACTION",
                    "UPDATE orders SET total = total + 1, state = 'paid, late', rate = rate * 1.1, doc ="
                            + " JSON_SET(doc, '$.n', 1e30) WHERE id = "
                            + id,
                    "INSERT INTO orders (customer, state, at) VALUES (" + id + ", 'new', NOW(3))",
                    "INSERT INTO log VALUES ('written', " + id + ", '[1e22, 0.1]')",
                    "UPDATE words SET word = UPPER(word) WHERE n = " + id,
                    id % 10 == 0 ? "DELETE FROM orders WHERE id = " + (id + 1) : "DO 0",
                    id % 7 == 0 ? "ROLLBACK" : "COMMIT");
        }
    }

    private static Thread follow(Migration migration) {
        Thread follower =
                new Thread(
                        () -> {
                            try {
                                var unused = migration.runUntil(Until.STOPPED);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        follower.start();
        return follower;
    }

    private static ValidationResult validated(Migration migration) {
        Instant before = Instant.now();
        await(migration, status -> status.stage().step().equals("FOLLOW"));
        migration.control().validate(ComparisonOrder.USUAL);
        await(
                migration,
                status ->
                        status.validation()
                                .filter(one -> !one.startedAt().isBefore(before))
                                .filter(one -> one.endedAt().isPresent())
                                .isPresent());
        return migration.control().status().validation().orElseThrow();
    }

    private static void await(Migration migration, Predicate<MigrationStatus> state) {
        Await.until(
                "the status is as expected",
                Duration.ofMinutes(2),
                () -> state.test(migration.control().status()));
    }

    private Configuration configuration() {
        return Configurations.of(source, target, "validate_mysql", directory);
    }
}
