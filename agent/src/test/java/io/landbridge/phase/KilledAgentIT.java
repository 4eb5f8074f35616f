package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.PostgresServer.Shutdown;
import io.landbridge.testkit.Proxy;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent as a process, killed; servers, crashed; the way to a server, dead: between HOLD and
 * RELEASE, where a traffic program of ours waits for the test. Clients go where that program says,
 * and remember what was acknowledged.
 */
class KilledAgentIT {

    @TempDir Path directory;

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
                    HeldMove move = new HeldMove(directory, source, target);
                    AgentHome home =
                            new AgentHome(
                                    "killed_agent",
                                    source.config(),
                                    way.through(target.config()),
                                    "cutover:\n  observe: 1h\n  lock-timeout: 500ms\n"
                                            + move.driver())) {
                cutOver(move, home, source, target, old, next, way);
                goBack(move, home, source, target, old, next);
                move.assertNothingLost(source);
            }
        }
    }

    private void cutOver(
            HeldMove move,
            AgentHome home,
            TestDatabase source,
            TestDatabase target,
            PostgresServer old,
            PostgresServer next,
            Proxy way)
            throws Exception {
        AgentProcess agent = home.start("run");
        try {
            HeldMove.await(home, agent, "CDC");
            HeldMove.validate(home, agent);
            agent = move.killedAt("hold", "cutover", home, agent);
            move.assertWritable(source, home, agent, "CDC");
            agent = move.killedAt("switch", "cutover", home, agent);
            move.assertWritable(source, home, agent, "CDC");

            // The agent can't write down that it gives up, and lets clients go all the same.
            move.disturbedAt("switch", "cutover", home, agent, way::stall);
            move.awaitGate("source", agent);
            source.execute("INSERT INTO t (v) VALUES ('while the target is silent')");
            way.restore();
            way.cutOnce();
            HeldMove.settle(home, agent);
            move.assertWritable(source, home, agent, "CDC");

            move.disturbedAt("hold", "cutover", home, agent, () -> old.restart(Shutdown.IMMEDIATE));
            if (move.isBackIn("CDC", source, target, home, agent)) {
                move.disturbedAt(
                        "switch", "cutover", home, agent, () -> next.restart(Shutdown.IMMEDIATE));
            }
            if (move.isBackIn("CDC", source, target, home, agent)) {
                agent = move.killedAt("release", "cutover", home, agent);
            }
            move.assertWritable(target, home, agent, "MONITORING");
            assertThatThrownBy(() -> source.execute("DELETE FROM t"))
                    .hasMessageContaining("read-only");
        } finally {
            agent.close();
        }
    }

    private void goBack(
            HeldMove move,
            AgentHome home,
            TestDatabase source,
            TestDatabase target,
            PostgresServer old,
            PostgresServer next)
            throws Exception {
        AgentProcess agent = home.start("run");
        try {
            HeldMove.await(home, agent, "MONITORING");
            agent = move.killedAt("hold", "rollback", home, agent);
            move.assertWritable(target, home, agent, "MONITORING");
            agent = move.killedAt("switch", "rollback", home, agent);
            move.assertWritable(target, home, agent, "MONITORING");
            move.disturbedAt(
                    "hold", "rollback", home, agent, () -> next.restart(Shutdown.IMMEDIATE));
            if (move.isBackIn("MONITORING", target, source, home, agent)) {
                move.disturbedAt(
                        "switch", "rollback", home, agent, () -> old.restart(Shutdown.IMMEDIATE));
            }
            if (move.isBackIn("MONITORING", target, source, home, agent)) {
                agent = move.killedAt("release", "rollback", home, agent);
            }
            move.assertWritable(source, home, agent, "ROLLED_BACK");
        } finally {
            agent.close();
        }
    }
}
