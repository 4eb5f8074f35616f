package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.Migration;
import io.landbridge.config.Configuration;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A MySQL database moves while it is written to, and is the same at the end. */
class MysqlMigrationIT {

    private static final String ORDERS =
            "SELECT id, customer, total, note, state, %s FROM %sorders ORDER BY id";
    private static final String MYSQL_TIME = "DATE_FORMAT(at, '%Y-%m-%d %T.%f')";
    private static final String POSTGRES_TIME = "to_char(at, 'YYYY-MM-DD HH24:MI:SS.US')";
    private static final String LOG = "SELECT line, n FROM %slog ORDER BY line, n";

    @TempDir Path directory;

    @Test
    void followsWritersAcrossARestart() throws Exception {
        MysqlTestDatabase source = Servers.mysql().freshDatabase();
        TestDatabase target = Servers.target().freshDatabase();
        source.execute(
                "CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY, customer bigint unsigned"
                        + " NOT NULL, total decimal(10,2), note text, state enum('new','paid, late')"
                        + " NOT NULL, at datetime(3))",
                "CREATE TABLE log (line varchar(40), n int)",
                "SET SESSION cte_max_recursion_depth = 100000",
                "INSERT INTO orders (customer, total, note, state, at) WITH RECURSIVE n AS (SELECT 1"
                        + " i UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT"
                        + " 18446744073709551615 - i, i / 7, CONCAT('note ', i), 'new',"
                        + " '2024-02-29 23:59:59.120' FROM n",
                "INSERT INTO log SELECT CONCAT('line ', id), id FROM orders LIMIT 500");
        Configuration config = configuration(source, target);
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = new Thread(() -> write(source, stop));
        writer.start();
        try {
            for (Until goal : new Until[] {Until.LOADED, Until.CAUGHT_UP, Until.CAUGHT_UP}) {
                try (Migration migration = Migration.open(config)) {
                    assertThat(migration.runUntil(goal)).isTrue();
                }
            }
        } finally {
            stop.set(true);
            writer.join();
        }
        try (Migration migration = Migration.open(config)) {
            Thread runs =
                    new Thread(
                            () -> {
                                try {
                                    var unused = migration.runUntil(Until.STOPPED);
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            });
            runs.start();
            String schema = source.name() + ".";
            List<String> orders = source.rows(ORDERS.formatted(MYSQL_TIME, ""));
            List<String> log = source.rows(LOG.formatted(""));
            assertThat(orders).hasSizeGreaterThan(4000);
            Await.until(
                    "both sides are equal",
                    Duration.ofSeconds(60),
                    () ->
                            target.rows(ORDERS.formatted(POSTGRES_TIME, schema)).equals(orders)
                                    && target.rows(LOG.formatted(schema)).equals(log));
            migration.stop();
            runs.join();
        }
    }

    private static void write(MysqlTestDatabase source, AtomicBoolean stop) {
        Random random = new Random(7);
        while (!stop.get()) {
            int id = 1 + random.nextInt(5000);
            source.execute(
                    "START TRANSACTION",
                    "UPDATE orders SET total = total + 1, state = 'paid, late' WHERE id = " + id,
                    "INSERT INTO orders (customer, state, at) VALUES (" + id + ", 'new', NOW(3))",
                    "INSERT INTO log VALUES ('written', " + id + ")",
                    id % 10 == 0 ? "DELETE FROM orders WHERE id = " + (id + 1) : "DO 0",
                    id % 7 == 0 ? "ROLLBACK" : "COMMIT");
        }
    }

    private Configuration configuration(MysqlTestDatabase source, TestDatabase target) {
        return Configurations.of(source, target, "from_mysql", directory);
    }
}
