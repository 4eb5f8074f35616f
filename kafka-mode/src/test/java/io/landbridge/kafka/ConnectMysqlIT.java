package io.landbridge.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.Configuration;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.phase.Configurations;
import io.landbridge.phase.Service;
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

/** MySQL's binary log comes through a connector, while it is written to. */
class ConnectMysqlIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ROWS = "SELECT id, state, %s FROM %sorders ORDER BY id";
    private static final String MYSQL_TIME = "DATE_FORMAT(at, '%Y-%m-%d %T.%f')";
    private static final String POSTGRES_TIME = "to_char(at, 'YYYY-MM-DD HH24:MI:SS.US')";

    @TempDir Path directory;

    @Test
    void losesNothingWhenConnectIsKilledAndTheLogPassesToTheAgentAndBack() throws Exception {
        MysqlTestDatabase source = Servers.mysql().freshDatabase();
        TestDatabase target = Servers.target().freshDatabase();
        source.execute(
                "CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY,"
                        + " state enum('new','paid, late') NOT NULL, note mediumtext,"
                        + " at datetime(3))",
                "SET SESSION cte_max_recursion_depth = 100000",
                "INSERT INTO orders (state, at) WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT"
                        + " i + 1 FROM n WHERE i < 2000) SELECT 'new', '2024-02-29 23:59:59.120'"
                        + " FROM n");
        ConnectWorker worker = ConnectWorker.shared();
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = new Thread(() -> write(source, stop));
        writer.start();
        try (Service service = new Service(configuration(source, target, worker))) {
            service.awaitPhase("CDC");
            worker.kill();
            worker.restart();
            // Larger than a record of the raw topic.
            source.execute("UPDATE orders SET note = REPEAT('long', 400000) WHERE id = 1");
            Await.until(
                    "it has come",
                    PATIENCE,
                    () ->
                            target.number(
                                            "SELECT coalesce(length(note), 0) FROM "
                                                    + source.name()
                                                    + ".orders WHERE id = 1")
                                    == 1_600_000);
            for (Mode mode : List.of(Mode.CHRONICLE, Mode.KAFKA)) {
                service.control().transport(mode);
                ConnectSwitchIT.awaitCarriedBy(service, mode);
            }
            stop.set(true);
            writer.join();
            List<String> rows = source.rows(ROWS.formatted(MYSQL_TIME, ""));
            assertThat(rows).hasSizeGreaterThan(2_000);
            Await.until(
                    "both sides are equal",
                    PATIENCE,
                    () ->
                            target.rows(ROWS.formatted(POSTGRES_TIME, source.name() + "."))
                                    .equals(rows));
        } finally {
            stop.set(true);
            writer.join();
        }
    }

    private static void write(MysqlTestDatabase source, AtomicBoolean stop) {
        Random random = new Random(7);
        while (!stop.get()) {
            int id = 2 + random.nextInt(1998);
            source.execute(
                    "START TRANSACTION",
                    "UPDATE orders SET state = 'paid, late' WHERE id = " + id,
                    "INSERT INTO orders (state, at) VALUES ('new', NOW(3))",
                    id % 10 == 0 ? "DELETE FROM orders WHERE id = " + (id + 1) : "DO 0",
                    id % 7 == 0 ? "ROLLBACK" : "COMMIT",
                    "DO SLEEP(0.01)");
        }
    }

    private Configuration configuration(
            MysqlTestDatabase source, TestDatabase target, ConnectWorker worker) {
        return Configurations.of(
                source,
                target,
                "mysql_connected",
                directory,
                ConnectMigrationIT.section(KafkaBroker.shared(), worker));
    }
}
