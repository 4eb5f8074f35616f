package io.landbridge.phase;

import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.MysqlServer;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.PostgresServer.Shutdown;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As {@link KilledAgentIT}, from MySQL and back to it. */
class KilledMysqlAgentIT {

    @TempDir Path directory;

    @Test
    void everyNextStartCompletesOrUndoesAndLosesNothing() throws Exception {
        try (MysqlServer old = MysqlServer.start(Map.of());
                PostgresServer next = PostgresServer.start(17, Map.of())) {
            MysqlTestDatabase source = old.createDatabase("source");
            TestDatabase target = next.createDatabase("target");
            target.execute("ALTER DATABASE target SET search_path = source");
            source.execute(
                    "CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, v varchar(60) UNIQUE)");
            try (HeldMove move = new HeldMove(directory, source, target);
                    AgentHome home =
                            new AgentHome(
                                    "killed_mysql_agent",
                                    source.config(),
                                    target.config(),
                                    "tables:\n  include: ['source.*']\ncutover:\n  observe: 1h\n"
                                            + move.driver())) {
                cutOver(move, home, source, target);
                goBack(move, home, source, target, old, next);
                move.assertNothingLost(source);
            }
        }
    }

    private void cutOver(
            HeldMove move, AgentHome home, MysqlTestDatabase source, TestDatabase target)
            throws Exception {
        AgentProcess agent = home.start("run");
        try {
            HeldMove.await(home, agent, "CDC");
            HeldMove.validate(home, agent);
            agent = move.killedAt("switch", "cutover", home, agent);
            move.assertWritable(source, home, agent, "CDC");
            agent = move.killedAt("release", "cutover", home, agent);
            move.assertWritable(target, home, agent, "MONITORING");
        } finally {
            agent.close();
        }
    }

    private void goBack(
            HeldMove move,
            AgentHome home,
            MysqlTestDatabase source,
            TestDatabase target,
            MysqlServer old,
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
                        "switch",
                        "rollback",
                        home,
                        agent,
                        () -> {
                            old.kill();
                            old.start();
                        });
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
