package io.landbridge.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.testkit.PgBouncer;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients of a real PgBouncer are held, moved, let go. */
class PgBouncerDriverIT {

    private static final Duration SHORT = Duration.ofSeconds(1);

    private final TestDatabase here = database(Servers.source().freshDatabase(), "here");
    private final TestDatabase there = database(Servers.target().freshDatabase(), "there");

    private static TestDatabase database(TestDatabase database, String name) {
        database.execute("CREATE TABLE t AS SELECT '" + name + "' AS side");
        return database;
    }

    private PgBouncerDriver driver(PgBouncer bouncer, boolean disconnect) {
        return new PgBouncerDriver(
                bouncer.admin(),
                bouncer.file(),
                PgBouncer.DATABASE,
                disconnect,
                new PgBouncerDriver.Place("127.0.0.1", there.server().port(), there.name()));
    }

    private static String side(Connection client) throws SQLException {
        try (Statement statement = client.createStatement();
                ResultSet row = statement.executeQuery("SELECT side FROM t")) {
            row.next();
            return row.getString(1);
        }
    }

    private static CompletableFuture<String> askedSide(Connection client) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return side(client);
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    @Test
    void clientsOfTransactionPoolingNoticeNothingButAPause() throws Exception {
        try (PgBouncer bouncer = PgBouncer.start(here, "transaction");
                Connection client = bouncer.connect()) {
            PgBouncerDriver driver = driver(bouncer, false);
            driver.check();
            assertThat(side(client)).isEqualTo("here");
            driver.hold(SHORT);
            driver.hold(SHORT);
            CompletableFuture<String> answer = askedSide(client);
            driver.switchOver();
            driver.switchOver();
            assertThat(answer.isDone()).isFalse();
            driver.release();
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("there");
            driver.release();
            assertThat(Files.readString(bouncer.file()))
                    .contains("port=1 dbname=nothing")
                    .contains("port=" + there.server().port() + " dbname=" + there.name())
                    .contains("pool_size=20");
        }
    }

    @Test
    void undoGivesBackTheFileAndLetsClientsGoOnWhereTheyWere() throws Exception {
        try (PgBouncer bouncer = PgBouncer.start(here, "transaction");
                Connection client = bouncer.connect()) {
            String before = Files.readString(bouncer.file());
            PgBouncerDriver driver = driver(bouncer, false);
            driver.undo();
            driver.hold(SHORT);
            driver.switchOver();
            driver.undo();
            assertThat(side(client)).isEqualTo("here");
            assertThat(Files.readString(bouncer.file())).isEqualTo(before);
            assertThat(bouncer.file().getParent().toFile().list())
                    .containsExactlyInAnyOrder("databases.ini", "pgbouncer.ini", "log");
        }
    }

    @Test
    void refusesToWaitLongerThanItMayForATransaction() throws Exception {
        try (PgBouncer bouncer = PgBouncer.start(here, "transaction");
                Connection slow = bouncer.connect();
                Connection client = bouncer.connect()) {
            slow.setAutoCommit(false);
            assertThat(side(slow)).isEqualTo("here");
            PgBouncerDriver driver = driver(bouncer, false);
            assertThatThrownBy(() -> driver.hold(SHORT))
                    .isInstanceOfSatisfying(
                            Fault.class,
                            fault -> assertThat(fault.code()).isEqualTo(FaultCode.CUTOVER_REFUSED));
            driver.undo();
            assertThat(side(client)).isEqualTo("here");
            slow.commit();
        }
    }

    @Test
    void disconnectsClientsOfSessionPoolingThatHoldTheirSessions() throws Exception {
        try (PgBouncer bouncer = PgBouncer.start(here, "session");
                Connection client = bouncer.connect()) {
            assertThat(side(client)).isEqualTo("here");
            assertThatThrownBy(() -> driver(bouncer, false).hold(SHORT))
                    .hasMessageContaining("did not let go");
            driver(bouncer, false).undo();
            assertThat(side(client)).isEqualTo("here");
            PgBouncerDriver driver = driver(bouncer, true);
            driver.hold(SHORT);
            assertThatThrownBy(() -> side(client)).isInstanceOf(SQLException.class);
            driver.switchOver();
            driver.release();
            try (Connection next = bouncer.connect()) {
                assertThat(side(next)).isEqualTo("there");
            }
        }
    }

    @Test
    void aBouncerThatIsGoneIsAPassingFault() throws Exception {
        try (PgBouncer bouncer = PgBouncer.start(here, "transaction")) {
            PgBouncerDriver driver = driver(bouncer, false);
            driver.hold(SHORT);
            driver.switchOver();
            bouncer.kill();
            assertThatThrownBy(driver::release)
                    .isInstanceOfSatisfying(
                            Fault.class, fault -> assertThat(fault.code().isPassing()).isTrue());
            bouncer.start();
            driver.release();
            try (Connection client = bouncer.connect()) {
                assertThat(side(client)).isEqualTo("there");
            }
        }
    }

    @Test
    void tellsWhenTheFileNamesNoSuchDatabase() throws Exception {
        try (PgBouncer bouncer = PgBouncer.start(here, "transaction")) {
            Path file = bouncer.file();
            Files.writeString(file, Files.readString(file).replace("\nshop =", "\nstore ="));
            assertThatThrownBy(() -> driver(bouncer, false).check())
                    .hasMessageContaining("has no line");
        }
    }
}
