package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.testkit.Await;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody who doubts a cutover would try, all in one. */
class SeedsOfDoubtIT {

    @TempDir Path stateDir;

    private final TestDatabase source = Servers.source().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();
    private final AtomicInteger swaps = new AtomicInteger();

    @Test
    void holdsAgainstThemAll() throws Exception {
        source.execute(
                "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text UNIQUE"
                        + " DEFERRABLE INITIALLY IMMEDIATE)",
                "CREATE TABLE held (id int PRIMARY KEY, v int)",
                "CREATE SEQUENCE down INCREMENT -3 MINVALUE -100 MAXVALUE 9 START 9 CYCLE",
                "INSERT INTO t (v) SELECT i::text FROM generate_series(1, 100) i",
                "INSERT INTO held VALUES (1, 0)",
                "SELECT nextval('down') FROM generate_series(1, 39)");
        try (Service service =
                new Service(
                        Configurations.of(
                                source,
                                target,
                                "doubted",
                                stateDir,
                                "cutover:",
                                "  lock-timeout: 200ms",
                                "  lock-tries: 100"))) {
            service.awaitPhase("CDC");
            Await.until(
                    "it follows closely",
                    Duration.ofMinutes(2),
                    () -> service.control().status().stage().step().equals("FOLLOW"));
            service.validate();
            source.execute("CREATE TABLE newcomer (id int PRIMARY KEY)");
            refusesForTheNewcomer(service);
            source.execute("DROP TABLE newcomer");

            CompletableFuture<String> swapping = CompletableFuture.supplyAsync(this::swap);
            Await.until("values are swapped", Duration.ofMinutes(1), () -> swaps.get() > 20);
            try (Connection slow = source.connect();
                    Statement statement = slow.createStatement()) {
                slow.setAutoCommit(false);
                statement.execute("UPDATE held SET v = 1");
                service.control().cutover();
                Await.until(
                        "the cutover meets the long transaction",
                        Duration.ofMinutes(1),
                        () ->
                                source.number(
                                                "SELECT count(*) FROM pg_stat_activity WHERE"
                                                        + " datname = current_database() AND"
                                                        + " wait_event_type = 'Lock'")
                                        > 0);
                slow.commit();
            }
            service.awaitPhase("COMPLETE");
            assertThat(swapping.get(1, TimeUnit.MINUTES)).isEqualTo("25006");
            RowsOf.assertEqual(source, target);
            assertThat(target.value("INSERT INTO t (v) VALUES ('new') RETURNING id"))
                    .isEqualTo("101");
            assertThat(target.value("SELECT nextval('down')"))
                    .isEqualTo(source.value("SELECT nextval('down')"));
            assertThatThrownBy(
                            () ->
                                    source.execute(
                                            "SET session_replication_role = replica; DELETE FROM"
                                                    + " held"))
                    .hasMessageContaining("read-only");
        }
    }

    private static void refusesForTheNewcomer(Service service) {
        service.control().rehearse();
        Await.until(
                "the dry run names the table that came",
                Duration.ofMinutes(1),
                () ->
                        service.control()
                                .status()
                                .cutover()
                                .attempt()
                                .flatMap(MigrationStatus.Attempt::failure)
                                .filter(why -> why.contains("newcomer"))
                                .isPresent());
        Await.until(
                "it follows again",
                Duration.ofMinutes(1),
                () -> service.control().status().stage().step().equals("FOLLOW"));
    }

    /** Exchanges two unique values, without triggers, until somebody refuses; returns how. */
    private String swap() {
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            while (true) {
                statement.execute(
                        "UPDATE t SET v = CASE id WHEN 1 THEN (SELECT v FROM t WHERE id = 2) ELSE"
                                + " (SELECT v FROM t WHERE id = 1) END WHERE id IN (1, 2)");
                swaps.incrementAndGet();
            }
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }
}
