package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.testkit.Await;
import io.landbridge.testkit.Nowhere;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Missing evidence means no-go: each piece of it is taken away in turn. */
class ReadinessIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir Path stateDir;
    private final TestDatabase source = Servers.source().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();
    private Service service;

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void refusesWhileAnyEvidenceIsMissing() throws Exception {
        source.execute(
                "CREATE TABLE t (id serial PRIMARY KEY, v text)",
                "CREATE SEQUENCE alone",
                "CREATE TABLE other (id int PRIMARY KEY, v text)",
                "INSERT INTO t (v) SELECT 'x' FROM generate_series(1, 100)");
        service = start("cutover:", "  max-lag: 1s", "  max-validation-age: 1h");
        awaitFollowing();
        awaitObjection("nothing has been validated yet");
        service.validate();

        service.control().pause();
        awaitObjection("it is paused");
        service.control().resume();
        awaitReady();

        lagsBehindALock();
        awaitReady();

        target.execute("ALTER SEQUENCE alone RENAME TO hidden");
        assertDryRunFails("the target lacks [public.alone]");
        target.execute("ALTER SEQUENCE hidden RENAME TO alone");

        target.execute("DELETE FROM t WHERE id = 1");
        service.control().validate(ComparisonOrder.USUAL);
        awaitObjection("the last validation found differences");
        target.execute("INSERT INTO t VALUES (1, 'x')");
        service.validate();

        source.execute("ALTER TABLE other ADD w text", "INSERT INTO other VALUES (1, '', '')");
        awaitObjection("table public.other is stopped");
    }

    @Test
    void refusesAProofThatHasGrownOldAndADriverThatDoesNotAnswer() throws Exception {
        source.execute("CREATE TABLE t (id int PRIMARY KEY)");
        Path file =
                Files.writeString(
                        stateDir.resolve("pgbouncer.ini"), "[databases]\nshop = host=127.0.0.1\n");
        service =
                start(
                        "cutover:",
                        "  max-validation-age: 3s",
                        "  traffic:",
                        "    driver: pgbouncer",
                        "    pgbouncer:",
                        "      admin: " + Nowhere.NO_SERVER.display(),
                        "      file: " + file,
                        "      database: shop");
        awaitFollowing();
        service.control().validate(ComparisonOrder.USUAL);
        awaitObjection("the last clean validation is older than PT3S");
        assertDryRunFails("127.0.0.1:1");
    }

    private Service start(String... more) {
        return new Service(
                Configurations.of(source, target, "ready_" + source.name(), stateDir, more));
    }

    private void lagsBehindALock() throws Exception {
        try (Connection holder = target.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE t");
            source.execute("UPDATE t SET v = 'y' WHERE id = 2");
            awaitObjection("the lag is more than PT1S");
            holder.rollback();
        }
    }

    private void awaitFollowing() {
        Await.until(
                "it follows",
                PATIENCE,
                () -> service.control().status().stage().step().equals("FOLLOW"));
    }

    /** Until it speaks against a cutover, and a cutover that is asked for is refused with it. */
    private void awaitObjection(String words) {
        Await.until(
                words + ", is " + service.control().status().cutover().notReady(),
                PATIENCE,
                () ->
                        service.control().status().cutover().notReady().stream()
                                .anyMatch(one -> one.contains(words)));
        assertThatThrownBy(() -> service.control().cutover()).hasMessageContaining(words);
    }

    private void awaitReady() {
        Await.until(
                "ready", PATIENCE, () -> service.control().status().cutover().notReady().isEmpty());
    }

    /** What only the databases can tell: seen by a rehearsal, which leaves all as it was. */
    private void assertDryRunFails(String words) {
        service.control().rehearse();
        Await.until(
                "the dry run tells of " + words,
                PATIENCE,
                () ->
                        service.control()
                                .status()
                                .cutover()
                                .attempt()
                                .flatMap(MigrationStatus.Attempt::failure)
                                .filter(why -> why.contains(words))
                                .isPresent());
        awaitFollowing();
        assertThat(service.isIn("CDC")).isTrue();
    }
}
