package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.PostgresServer.Shutdown;
import io.landbridge.testkit.Proxy;
import io.landbridge.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent as a process, killed; servers, crashed; the way to a server, dead: between HOLD and
 * RELEASE, where a traffic program of ours waits for the test. Clients go where that program says,
 * and remember what was acknowledged.
 */
class KilledAgentIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Tells clients where to go, says how far it is, and waits while it shall. */
    private static final String PROGRAM =
            """
            #!/bin/sh
            cd %s
            case $1 in
              hold) echo held > gate.new ;;
              release) echo $LANDBRIDGE_TO_DATABASE > gate.new ;;
              undo) echo $LANDBRIDGE_FROM_DATABASE > gate.new ;;
            esac
            [ -e gate.new ] && mv gate.new gate
            echo $1 > at.new && mv at.new at
            while [ -e wait-$1 ]; do sleep 0.05; done
            """;

    @TempDir Path directory;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    @Test
    void everyNextStartCompletesOrUndoesAndLosesNothing() throws Exception {
        Map<String, String> settings = Map.of();
        try (PostgresServer old = PostgresServer.start(14, settings);
                PostgresServer next = PostgresServer.start(17, settings)) {
            TestDatabase source = old.createDatabase("source");
            TestDatabase target = next.createDatabase("target");
            source.execute(
                    "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text"
                            + " UNIQUE)");
            try (Proxy way = new Proxy("127.0.0.1", next.port());
                    AgentHome home =
                            new AgentHome(
                                    "killed_agent",
                                    source.config(),
                                    way.through(target.config()),
                                    configuration())) {
                Thread clients = new Thread(() -> write(source, target));
                clients.start();
                try {
                    cutOver(home, source, target, old, next, way);
                    goBack(home, source, target, old, next);
                } finally {
                    stopped = true;
                    clients.join();
                }
                assertNothingLost(source);
            }
        }
    }

    private String configuration() throws IOException {
        Path program = Files.writeString(directory.resolve("move"), PROGRAM.formatted(directory));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Files.writeString(directory.resolve("gate"), "source\n");
        return """
               cutover:
                 observe: 1h
                 lock-timeout: 500ms
                 traffic:
                   driver: command
                   command: %s
               """
                .formatted(program);
    }

    private void cutOver(
            AgentHome home,
            TestDatabase source,
            TestDatabase target,
            PostgresServer old,
            PostgresServer next,
            Proxy way)
            throws Exception {
        AgentProcess agent = home.start("run");
        try {
            await(home, agent, "CDC");
            validate(home, agent);
            agent = killedAt("hold", "cutover", home, agent);
            assertWritable(source, home, agent, "CDC");
            agent = killedAt("switch", "cutover", home, agent);
            assertWritable(source, home, agent, "CDC");

            // The agent can't write down that it gives up, and lets clients go all the same.
            disturbedAt("switch", "cutover", home, agent, way::stall);
            awaitGate("source", agent);
            source.execute("INSERT INTO t (v) VALUES ('while the target is silent')");
            way.restore();
            way.cutOnce();
            settle(home, agent);
            assertWritable(source, home, agent, "CDC");

            disturbedAt("hold", "cutover", home, agent, () -> old.restart(Shutdown.IMMEDIATE));
            if (isBackIn("CDC", source, target, home, agent)) {
                disturbedAt(
                        "switch", "cutover", home, agent, () -> next.restart(Shutdown.IMMEDIATE));
            }
            if (isBackIn("CDC", source, target, home, agent)) {
                agent = killedAt("release", "cutover", home, agent);
            }
            assertWritable(target, home, agent, "MONITORING");
            assertThatThrownBy(() -> source.execute("DELETE FROM t"))
                    .hasMessageContaining("read-only");
        } finally {
            agent.close();
        }
    }

    private void goBack(
            AgentHome home,
            TestDatabase source,
            TestDatabase target,
            PostgresServer old,
            PostgresServer next)
            throws Exception {
        AgentProcess agent = home.start("run");
        try {
            await(home, agent, "MONITORING");
            agent = killedAt("hold", "rollback", home, agent);
            assertWritable(target, home, agent, "MONITORING");
            agent = killedAt("switch", "rollback", home, agent);
            assertWritable(target, home, agent, "MONITORING");
            disturbedAt("hold", "rollback", home, agent, () -> next.restart(Shutdown.IMMEDIATE));
            if (isBackIn("MONITORING", target, source, home, agent)) {
                disturbedAt(
                        "switch", "rollback", home, agent, () -> old.restart(Shutdown.IMMEDIATE));
            }
            if (isBackIn("MONITORING", target, source, home, agent)) {
                agent = killedAt("release", "rollback", home, agent);
            }
            assertWritable(source, home, agent, "ROLLED_BACK");
        } finally {
            agent.close();
        }
    }

    /** Whether the move was undone; clients write to one side whichever way it went. */
    private boolean isBackIn(
            String phase, TestDatabase from, TestDatabase to, AgentHome home, AgentProcess agent)
            throws Exception {
        settle(home, agent);
        String now = phase(home);
        assertWritable(now.equals(phase) ? from : to, home, agent, now);
        return now.equals(phase);
    }

    /** Kills the agent while the program is at {@code point}, and starts the next one. */
    private AgentProcess killedAt(String point, String action, AgentHome home, AgentProcess agent)
            throws Exception {
        Files.deleteIfExists(directory.resolve("at"));
        Files.writeString(directory.resolve("wait-" + point), "");
        ask(home, agent, action);
        awaitAt(point, agent);
        agent.kill();
        Files.delete(directory.resolve("wait-" + point));
        AgentProcess next = home.start("run");
        settle(home, next);
        return next;
    }

    /** Does something to what the agent needs while the program is at {@code point}. */
    private void disturbedAt(
            String point, String action, AgentHome home, AgentProcess agent, Runnable trouble)
            throws Exception {
        Files.deleteIfExists(directory.resolve("at"));
        Files.writeString(directory.resolve("wait-" + point), "");
        ask(home, agent, action);
        awaitAt(point, agent);
        trouble.run();
        Files.delete(directory.resolve("wait-" + point));
    }

    private static void ask(AgentHome home, AgentProcess agent, String action) {
        Await.until(
                action + " is accepted" + agent.lastWords(),
                PATIENCE,
                () -> {
                    home.ask(action);
                    return true;
                });
    }

    private void awaitAt(String point, AgentProcess agent) {
        Await.until(
                "the program is at " + point + agent.lastWords(),
                PATIENCE,
                () -> Files.readString(directory.resolve("at")).strip().equals(point));
    }

    private void awaitGate(String where, AgentProcess agent) {
        Await.until(
                "clients go to " + where + agent.lastWords(), PATIENCE, () -> gate().equals(where));
    }

    private String gate() throws IOException {
        return Files.readString(directory.resolve("gate")).strip();
    }

    private static void await(AgentHome home, AgentProcess agent, String phase) {
        Await.until(
                phase,
                PATIENCE,
                () -> {
                    assertThat(agent.isAlive()).as(agent.lastWords()).isTrue();
                    return phase(home).equals(phase);
                });
    }

    /** Waits until no attempt is under way any more and the agent follows one way or the other. */
    private static void settle(AgentHome home, AgentProcess agent) {
        Await.until(
                "the agent rests" + agent.lastWords(),
                PATIENCE,
                () -> {
                    JsonNode status = home.status();
                    String phase = status.get("stage").get("phase").asText();
                    String outcome = status.get("cutover").get("attempt").path("outcome").asText();
                    return List.of("DONE", "UNDONE").contains(outcome)
                            && (phase.equals("ROLLED_BACK")
                                    || (List.of("CDC", "MONITORING").contains(phase)
                                            && status.get("apply")
                                                    .get("mode")
                                                    .asText()
                                                    .equals("STRICT")));
                });
    }

    private static String phase(AgentHome home) throws IOException, InterruptedException {
        return home.status().get("stage").get("phase").asText();
    }

    private static void validate(AgentHome home, AgentProcess agent) {
        ask(home, agent, "validate");
        Await.until(
                "ready for the cutover" + agent.lastWords(),
                PATIENCE,
                () -> home.status().get("cutover").get("notReady").isEmpty());
    }

    /** Clients are led there, and their writes go through. */
    private void assertWritable(
            TestDatabase database, AgentHome home, AgentProcess agent, String phase) {
        await(home, agent, phase);
        awaitGate(database.name(), agent);
        int before = acknowledged.size();
        Await.until(
                "clients write to " + database.name() + agent.lastWords(),
                PATIENCE,
                () -> acknowledged.size() > before + 3);
    }

    /** One client: it goes where the gate says, and tries again whatever was not acknowledged. */
    private void write(TestDatabase source, TestDatabase target) {
        for (int number = 0; !stopped; ) {
            try {
                String where = gate();
                if (where.equals("held")) {
                    LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                    continue;
                }
                String value = where + " " + number++;
                insert(where.equals("source") ? source : target, value);
                acknowledged.add(value);
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            } catch (IOException | SQLException e) {
                // Refused by the fence, or the server is down: not acknowledged.
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    private static void insert(TestDatabase database, String value) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO t (v) VALUES ('" + value + "')");
        }
    }

    private void assertNothingLost(TestDatabase database) {
        Set<String> lost = new HashSet<>(acknowledged);
        lost.removeAll(new HashSet<>(database.rows("SELECT v FROM t")));
        assertThat(lost).isEmpty();
    }
}
