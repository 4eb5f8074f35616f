package io.landbridge.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.Nowhere;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real agent and the real {@code systemd-notify}, with the other end of systemd's socket held
 * by a few lines of Python.
 */
class ServiceNoticesTest {

    private static final Duration SOON = Duration.ofMinutes(1);

    /** Prints what arrives at the socket in its argument, a line for each. */
    private static final String LISTENER =
            """
            import socket, sys
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            listener.bind(sys.argv[1])
            while True:
                print(listener.recv(4096).decode().replace("\\n", " "), flush=True)
            """;

    @Test
    void systemdHearsThatItServesThatItLivesAndThatItStops(@TempDir Path directory)
            throws Exception {
        Path socket = directory.resolve("notify");
        Path heard = directory.resolve("heard");
        Process listener =
                new ProcessBuilder("python3", "-c", LISTENER, socket.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(heard.toFile())
                        .start();
        try (AgentHome home =
                new AgentHome("notices", Nowhere.NO_SERVER, Nowhere.NO_HOST, "")
                        .with("NOTIFY_SOCKET", socket.toString())
                        .with("WATCHDOG_USEC", "1500000")) {
            Await.until("the listener is there", SOON, () -> Files.exists(socket));
            try (AgentProcess agent = home.start("run")) {
                Await.until(
                        "three signs of life",
                        SOON,
                        () -> lines(heard, "WATCHDOG=1 STATUS=ASSESSMENT, ").size() >= 3);
                assertThat(agent.stop(SOON)).isZero();
            }
            assertThat(Files.readAllLines(heard))
                    .filteredOn(line -> !line.startsWith("BARRIER"))
                    .startsWith("READY=1")
                    .endsWith("STOPPING=1");
        } finally {
            listener.destroyForcibly();
        }
    }

    private static List<String> lines(Path heard, String with) throws Exception {
        return Files.readAllLines(heard).stream().filter(line -> line.contains(with)).toList();
    }
}
