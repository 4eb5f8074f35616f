package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole agent when there is no room for what it captures: it waits, says so, loses nothing. */
class FullBufferIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Rows of 1 MB each for whoever reads them; the servers keep them compressed. */
    private static final String WRITE =
            "insert into t select g, repeat(md5(g::text), 32000) from generate_series(%d, %d) g";

    @TempDir Path disk;
    private final TestDatabase source = Servers.source().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();

    @BeforeEach
    void createTable() {
        source.execute("create table t (id int primary key, v text)", WRITE.formatted(1, 1));
    }

    @Test
    void boundHoldsCaptureBackUntilTheTargetHasCaughtUp() throws Exception {
        try (AgentHome home = home("  max-size: 64MiB");
                AgentProcess agent = home.start("run")) {
            awaitFollowing(home);
            home.ask("pause");
            for (int row = 2; row <= 100; row += 10) {
                source.execute(WRITE.formatted(row, row + 9));
            }
            awaitFault(home, "its bound of 64 MiB");
            assertThat(home.status().at("/buffer/bytes").asLong()).isLessThanOrEqualTo(64 << 20);
            home.ask("resume");
            awaitEqual(home);
            assertThat(agent.stop(Duration.ofMinutes(1))).isZero();
        }
        RowsOf.assertEqual(source, target);
    }

    @Test
    void fullDiskHoldsCaptureBackUntilThereIsRoom() throws Exception {
        try (AgentHome home = home("  directory: " + disk).withDisk(disk, 100);
                AgentProcess agent = home.start("run")) {
            awaitFollowing(home);
            Path others = Path.of("/proc/" + agent.pid() + "/root" + disk + "/of-others");
            Files.write(others, new byte[50 << 20]);
            source.execute(WRITE.formatted(2, 10));
            awaitFault(home, "disk of the buffer is full");
            Files.delete(others);
            awaitEqual(home);
            assertThat(agent.stop(Duration.ofMinutes(1))).isZero();
        }
        RowsOf.assertEqual(source, target);
    }

    private AgentHome home(String transport) {
        return new AgentHome(
                "full_" + source.name(),
                source.config(),
                target.config(),
                "transport:\n" + transport + "\n");
    }

    private static void awaitFollowing(AgentHome home) {
        Await.until(
                "the agent follows",
                PATIENCE,
                () -> home.status().at("/stage/step").asText().equals("FOLLOW"));
    }

    private static void awaitFault(AgentHome home, String words) {
        Await.until(
                "the status tells of a full buffer",
                PATIENCE,
                () -> {
                    for (JsonNode fault : home.status().at("/faults")) {
                        if (fault.path("code").asText().equals("BUFFER_FULL")) {
                            assertThat(fault.path("message").asText()).contains(words);
                            assertThat(fault.path("hint").asText()).isNotEmpty();
                            return home.status().at("/buffer/full").asBoolean();
                        }
                    }
                    return false;
                });
    }

    private void awaitEqual(AgentHome home) {
        Await.until(
                "all rows are applied, and the fault is over",
                PATIENCE,
                () ->
                        target.value("select count(*) from t")
                                        .equals(source.value("select count(*) from t"))
                                && home.status().at("/faults").isEmpty());
    }
}
