package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.Configuration;
import io.landbridge.phase.MigrationStatus.ActiveFault;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PlayedByPostgres;
import io.landbridge.testkit.PlayedDms;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Strategy {@code aws-dms} from PostgreSQL 14 to 17: moto holds the task, PostgreSQL's own logical
 * replication moves the rows while it runs.
 */
class DmsMigrationIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String TABLES =
            """
            CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text UNIQUE);
            CREATE TABLE hot (id int PRIMARY KEY, n bigint);
            CREATE TABLE child_of_t (id serial PRIMARY KEY, t bigint REFERENCES t ON DELETE CASCADE);
            CREATE INDEX child_by_t ON child_of_t (t);
            INSERT INTO t (v) SELECT 'row ' || i FROM generate_series(1, 5000) i;
            INSERT INTO hot SELECT i, 0 FROM generate_series(1, 2) i;
            INSERT INTO child_of_t (t) SELECT i FROM generate_series(1, 500) i;
            """;

    private static PlayedDms dms;

    @TempDir Path stateDir;

    private TestDatabase source;
    private TestDatabase target;
    private PlayedByPostgres rows;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;
    private final List<Thread> writers = new ArrayList<>();

    @BeforeAll
    static void startDms() {
        dms = new PlayedDms();
    }

    @AfterAll
    static void stopDms() {
        dms.close();
    }

    @BeforeEach
    void fill() {
        source = Servers.postgres(14).freshDatabase();
        target = Servers.postgres(17).freshDatabase();
        source.execute(TABLES);
        rows = new PlayedByPostgres(source, target);
        dms.play(rows);
        for (int i = 1; i <= 2; i++) {
            int number = i;
            Thread writer = new Thread(() -> write(number), "writer-" + i);
            writer.start();
            writers.add(writer);
        }
    }

    @AfterEach
    void end() throws Exception {
        stopWriters();
        dms.mend();
        rows.stop();
        rows.remove();
    }

    private void stopWriters() throws InterruptedException {
        stopped = true;
        for (Thread writer : writers) {
            writer.join();
        }
    }

    /** Until the fence refuses; what was acknowledged must be found at the end. */
    private void write(int number) {
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO t (v) VALUES (?)")) {
            for (int i = 0; !stopped; i++) {
                String value = "w" + number + "-" + i;
                insert.setString(1, value);
                try {
                    insert.executeUpdate();
                    acknowledged.add(value);
                    statement.execute("UPDATE hot SET n = n + 1 WHERE id = " + number);
                    statement.execute(
                            "UPDATE t SET v = v || '.' WHERE v = 'row " + (i * 2 + number) + "'");
                    statement.execute(
                            "DELETE FROM t WHERE v = 'row " + (2000 + i * 2 + number) + "'");
                } catch (SQLException e) {
                    // The fence: clients are told elsewhere where to go.
                    assertThat(e.getSQLState()).isEqualTo("25006");
                    LockSupport.parkNanos(5_000_000);
                }
                LockSupport.parkNanos(2_000_000);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String section() {
        return """
               dms:
                 endpoint: %s
                 replication-instance-arn: %s
                 source-endpoint-arn: %s
                 target-endpoint-arn: %s
                 interval: 200ms
               """
                .formatted(dms.url(), PlayedDms.INSTANCE, PlayedDms.SOURCE, PlayedDms.TARGET);
    }

    private Configuration config(String name, String... more) {
        return Configurations.by(
                "aws-dms", source, target, name, stateDir, section(), String.join("\n", more));
    }

    @Test
    void movesUnderWritersCutsOverAndComesBackWithoutLosingAWrite() throws Exception {
        try (Service service = new Service(config("dms_there", "cutover:\n  observe: 1h"))) {
            awaitFollowing(service);
            service.validate();
            assertThat(service.control().status().validation().orElseThrow().outcome())
                    .isEqualTo("CLEAN");
            service.control().cutover();
            service.awaitPhase("MONITORING");
            stopWriters();
            Await.until("the task is gone", PATIENCE, () -> dms.tasks("dms-there").isEmpty());
            assertThat(dms.changes())
                    .containsExactly(
                            "CreateReplicationTask",
                            "StartReplicationTask",
                            "StopReplicationTask",
                            "StartReplicationTask",
                            "StopReplicationTask",
                            "DeleteReplicationTask");
            RowsOf.assertEqual(source, target);
            assertThat(target.rows("SELECT v FROM t")).containsAll(acknowledged);
            assertThat(
                            target.value(
                                    "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND"
                                            + " convalidated"))
                    .isEqualTo("1");
            assertThat(target.value("SELECT nextval('t_id_seq') > max(id) FROM t")).isEqualTo("t");
            target.execute(
                    "INSERT INTO t (v) VALUES ('written at the target')",
                    "UPDATE hot SET n = -1",
                    "DELETE FROM child_of_t WHERE id < 10");
            Await.until(
                    "it has flown back",
                    PATIENCE,
                    () -> source.value("SELECT count(*) FROM hot WHERE n = -1").equals("2"));
            service.control().rollback();
            service.awaitPhase("ROLLED_BACK");
            assertThat(source.rows("SELECT v FROM t"))
                    .containsAll(acknowledged)
                    .contains("written at the target");
            source.execute("INSERT INTO t (v) VALUES ('old again')");
        }
        assertThat(
                        source.rows(
                                "SELECT nspname FROM pg_namespace WHERE nspname = 'landbridge'"
                                        + " UNION ALL SELECT slot_name FROM pg_replication_slots"
                                        + " WHERE database = current_database()"
                                        + " UNION ALL SELECT pubname FROM pg_publication"))
                .isEmpty();
    }

    @Test
    void plantedDifferencesAreFoundWhileWritesGoOnAndBehindTheFence() throws Exception {
        try (Service service = new Service(config("dms_planted"))) {
            awaitFollowing(service);
            service.validate();
            target.execute(
                    "DELETE FROM child_of_t WHERE id = 77",
                    "UPDATE child_of_t SET t = 1 WHERE id = 78",
                    "INSERT INTO hot VALUES (99, 99)");
            service.control().validate(ComparisonOrder.USUAL);
            Await.until(
                    "they are found",
                    PATIENCE,
                    () ->
                            service.control()
                                    .status()
                                    .validation()
                                    .filter(found -> found.outcome().equals("DIFFERENT"))
                                    .isPresent());
            assertThat(service.control().status().validation().orElseThrow().differences())
                    .isEqualTo(3);
            Await.until(
                    "they keep the cutover back",
                    PATIENCE,
                    () ->
                            service.control().status().cutover().notReady().stream()
                                    .anyMatch(reason -> reason.contains("found differences")));
            target.execute(
                    "INSERT INTO child_of_t VALUES (77, 77)",
                    "UPDATE child_of_t SET t = 78 WHERE id = 78",
                    "DELETE FROM hot WHERE id = 99");
            service.validate();
            target.execute("UPDATE child_of_t SET t = 3 WHERE id = 200");
            service.control().cutover();
            Await.until(
                    "it is undone, is " + service.control().status().cutover(),
                    PATIENCE,
                    () ->
                            service.control().status().faults().stream()
                                    .anyMatch(fault -> fault.code().equals("CUTOVER_REFUSED")));
            assertThat(service.control().status().cutover().attempt().orElseThrow().failure())
                    .hasValueSatisfying(why -> assertThat(why).contains("behind the fence"));
            service.awaitPhase("CDC");
            target.execute("UPDATE child_of_t SET t = 200 WHERE id = 200");
            int before = acknowledged.size();
            Await.until("writers go on", PATIENCE, () -> acknowledged.size() > before + 10);
            service.validate();
            service.control().cutover();
            service.awaitPhase("COMPLETE");
        }
        stopWriters();
        RowsOf.assertEqual(source, target);
        assertThat(dms.tasks("dms-planted")).isEmpty();
    }

    @Test
    void whatGoesWrongAtDmsIsToldAndGoneOnWith() {
        try (Service service = new Service(config("dms_wrong"))) {
            awaitFollowing(service);
            dms.fail("the replication instance ran out of disk");
            awaitFailed(service, "DMS_TASK", "ran out of disk");
            service.control().resume();
            awaitFollowing(service);
            dms.breakTable("public.hot");
            awaitFailed(service, "DMS_TASK", "public.hot (Table error)");
            dms.mend();
            service.control().resume();
            awaitFollowing(service);
            dms.refuse("ExpiredTokenException");
            awaitFailed(service, "DMS_REFUSED", "ExpiredTokenException");
            dms.mend();
            service.control().resume();
            awaitFollowing(service);
            service.control().pause();
            Await.until(
                    "the task stands still",
                    PATIENCE,
                    () ->
                            dms.tasks("dms-wrong").stream()
                                    .allMatch(task -> task.endsWith("stopped")));
            service.control().resume();
            service.validate();
            service.control().rollback();
            service.awaitPhase("ROLLED_BACK");
        }
        assertThat(dms.tasks("dms-wrong")).isEmpty();
        assertThat(target.value("SELECT to_regclass('public.t') IS NULL")).isEqualTo("t");
    }

    /** The task runs for good: until the indexes stand it is stopped once, on purpose. */
    private static void awaitFollowing(Service service) {
        Await.until(
                "it follows, is " + service.control().status().faults(),
                PATIENCE,
                () ->
                        service.isIn("CDC")
                                && Outcome.hasConverged(service.control().status())
                                && service.control().status().apply().lag().isPresent());
    }

    private static void awaitFailed(Service service, String code, String text) {
        Await.until(
                code + ", is " + service.control().status().faults(),
                PATIENCE,
                () ->
                        service.isIn("FAILED")
                                && service.control().status().faults().stream()
                                        .anyMatch(fault -> is(fault, code, text)));
    }

    private static boolean is(ActiveFault fault, String code, String text) {
        return fault.code().equals(code) && fault.message().contains(text);
    }

    @Test
    void agentKilledAtItsWorstMomentsLeavesNoTaskBehind() throws Exception {
        try (AgentHome home =
                new AgentHome("dms_killed", source.config(), target.config(), section())) {
            home.edit("migration:\n", "migration:\n  strategy: aws-dms\n");
            home.with("AWS_ACCESS_KEY_ID", "tests").with("AWS_SECRET_ACCESS_KEY", "tests");
            AgentProcess first = home.start("run");
            dms.loseAnswer("CreateReplicationTask", first::kill);
            Await.until("it was killed", PATIENCE, () -> !first.isAlive());
            assertThat(dms.tasks("dms-killed")).hasSize(1);
            AgentProcess second = home.start("run");
            Await.until(
                    "it follows",
                    PATIENCE,
                    () ->
                            isIn(home, "CDC")
                                    && home.status()
                                            .path("stage")
                                            .path("step")
                                            .asText()
                                            .equals("FOLLOW"));
            assertThat(dms.tasks("dms-killed")).hasSize(1);
            home.ask("validate");
            Await.until(
                    "it is ready",
                    PATIENCE,
                    () -> home.status().path("cutover").path("notReady").isEmpty());
            dms.loseRequest("DeleteReplicationTask", second::kill);
            home.ask("cutover");
            Await.until("it was killed", PATIENCE, () -> !second.isAlive());
            assertThat(dms.tasks("dms-killed")).singleElement().asString().endsWith("stopped");
            AgentProcess third = home.start("run");
            Await.until("it is complete", PATIENCE, () -> isIn(home, "COMPLETE"));
            assertThat(dms.tasks("dms-killed")).isEmpty();
            third.stop(Duration.ofSeconds(30));
        }
        stopWriters();
        RowsOf.assertEqual(source, target);
        assertThat(target.rows("SELECT v FROM t")).containsAll(acknowledged);
    }

    private static boolean isIn(AgentHome home, String phase) {
        try {
            return home.status().path("stage").path("phase").asText().equals(phase);
        } catch (Exception e) {
            return false;
        }
    }
}
