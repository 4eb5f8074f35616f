package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.SqlAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A traffic program that waits for the test between HOLD and RELEASE, and a client that goes where
 * it says and remembers what was acknowledged: rows of a table {@code t} with a text {@code v}.
 */
final class HeldMove implements AutoCloseable {

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

    private final Path directory;
    private final SqlAccess source;
    private final SqlAccess target;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Thread client = new Thread(this::write);
    private volatile boolean stopped;

    /** Clients begin at {@code source}, whose name must not be the target's. */
    HeldMove(Path directory, SqlAccess source, SqlAccess target) throws IOException {
        this.directory = directory;
        this.source = source;
        this.target = target;
        Files.writeString(gateFile(), source.name() + "\n");
        client.start();
    }

    private Path gateFile() {
        return directory.resolve("gate");
    }

    /** Makes the program, and gives the driver's section for it. */
    String driver() throws IOException {
        Path program = Files.writeString(directory.resolve("move"), PROGRAM.formatted(directory));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return "  traffic:\n    driver: command\n    command: " + program + "\n";
    }

    /** Whether the move was undone; clients write to one side whichever way it went. */
    boolean isBackIn(String phase, SqlAccess from, SqlAccess to, AgentHome home, AgentProcess agent)
            throws Exception {
        settle(home, agent);
        String now = phase(home);
        assertWritable(now.equals(phase) ? from : to, home, agent, now);
        return now.equals(phase);
    }

    /** Kills the agent while the program is at {@code point}, and starts the next one. */
    AgentProcess killedAt(String point, String action, AgentHome home, AgentProcess agent)
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
    void disturbedAt(
            String point, String action, AgentHome home, AgentProcess agent, Runnable trouble)
            throws Exception {
        Files.deleteIfExists(directory.resolve("at"));
        Files.writeString(directory.resolve("wait-" + point), "");
        ask(home, agent, action);
        awaitAt(point, agent);
        trouble.run();
        Files.delete(directory.resolve("wait-" + point));
    }

    static void ask(AgentHome home, AgentProcess agent, String action) {
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

    void awaitGate(String where, AgentProcess agent) {
        Await.until(
                "clients go to " + where + agent.lastWords(), PATIENCE, () -> gate().equals(where));
    }

    private String gate() throws IOException {
        return Files.readString(gateFile()).strip();
    }

    static void await(AgentHome home, AgentProcess agent, String phase) {
        Await.until(
                phase,
                PATIENCE,
                () -> {
                    assertThat(agent.isAlive()).as(agent.lastWords()).isTrue();
                    return phase(home).equals(phase);
                });
    }

    /** Waits until no attempt is under way any more and the agent follows one way or the other. */
    static void settle(AgentHome home, AgentProcess agent) {
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

    static String phase(AgentHome home) throws IOException, InterruptedException {
        return home.status().get("stage").get("phase").asText();
    }

    static void validate(AgentHome home, AgentProcess agent) {
        ask(home, agent, "validate");
        Await.until(
                "ready for the cutover" + agent.lastWords(),
                PATIENCE,
                () -> home.status().get("cutover").get("notReady").isEmpty());
    }

    /** Clients are led there, and their writes go through. */
    void assertWritable(SqlAccess database, AgentHome home, AgentProcess agent, String phase) {
        await(home, agent, phase);
        awaitGate(database.name(), agent);
        int before = acknowledged.size();
        Await.until(
                "clients write to " + database.name() + agent.lastWords(),
                PATIENCE,
                () -> acknowledged.size() > before + 3);
    }

    /** One client: it goes where the gate says, and tries again whatever was not acknowledged. */
    private void write() {
        for (int number = 0; !stopped; ) {
            try {
                String where = gate();
                if (where.equals("held")) {
                    LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                    continue;
                }
                String value = where + " " + number++;
                insert(where.equals(source.name()) ? source : target, value);
                acknowledged.add(value);
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            } catch (IOException | SQLException e) {
                // Refused by the fence, or the server is down: not acknowledged.
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    private static void insert(SqlAccess database, String value) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO t (v) VALUES ('" + value + "')");
        }
    }

    /** Ends the client, and looks whether all that it was told of is in {@code database}. */
    void assertNothingLost(SqlAccess database) {
        close();
        Set<String> lost = new HashSet<>(acknowledged);
        lost.removeAll(new HashSet<>(database.rows("SELECT v FROM t")));
        assertThat(lost).isEmpty();
    }

    @Override
    public void close() {
        stopped = true;
        try {
            client.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
