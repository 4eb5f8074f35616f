package io.landbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.Migration;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Ports;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Types what README and the quick start tell a reader to type, one line after the other, against
 * real servers; with the shipped configuration file, in which only a port and a directory of the
 * test's own take the place of the defaults.
 */
@Timeout(300)
class DocumentedSequenceIT {

    private static final Path CHECKOUT = Path.of("..");
    private static final Pattern BLOCK = Pattern.compile("(?s)```\n(.*?)```");
    private static final String COMMAND = "scripts/landbridge ";
    private static final String SERVICE = COMMAND + "run ";

    private final int port = Ports.free();

    @TempDir Path directory;

    @Test
    void readmesWayFromACheckToACutover() throws Exception {
        List<String> lines = commands("README.md", "## Use it", "\n## ");
        assertThat(lines)
                .anyMatch(line -> line.contains("config check"))
                .anyMatch(line -> line.contains("--until caught-up"));
        type(lines);
    }

    @Test
    void quickStartsWayThereAndBackAgain() throws Exception {
        List<String> lines = commands("agent/docs/quick-start.md", "## 1.", "\n# ");
        assertThat(lines).anyMatch(line -> line.contains("rollback --wait"));
        type(lines);
    }

    /** Every line of the page's blocks that is a command of ours, without its comment. */
    private static List<String> commands(String page, String from, String to) throws IOException {
        String text = Files.readString(CHECKOUT.resolve(page)).split(Pattern.quote(from), 2)[1];
        return BLOCK.matcher(text.split(Pattern.quote(to), 2)[0])
                .results()
                .flatMap(block -> block.group(1).lines())
                .map(line -> line.replaceFirst("\\s*(#|&).*", "").strip())
                .filter(line -> line.startsWith(COMMAND))
                .toList();
    }

    /** The commands up to the service move one database, the service and those after it another. */
    private void type(List<String> lines) throws Exception {
        int service =
                lines.indexOf(
                        lines.stream()
                                .filter(it -> it.startsWith(SERVICE))
                                .findFirst()
                                .orElseThrow());
        Databases first = new Databases("typed_first", "0s");
        for (String line : lines.subList(0, service)) {
            assertThat(first.run(line)).as(line).isZero();
        }
        first.assertMoved();

        Databases second = new Databases("typed_second", "24h");
        try (AgentProcess agent = second.start(lines.get(service))) {
            List<String> rest = new ArrayList<>(lines.subList(service + 1, lines.size()));
            for (String line : rest) {
                assertThat(second.run(line)).as(line).isZero();
            }
            if (!lines.get(lines.size() - 1).contains("rollback")) {
                assertThat(second.run(COMMAND + "rollback --wait")).isZero();
            }
            assertThat(agent.stop(Duration.ofMinutes(1))).isZero();
        }
        second.assertBack();
    }

    /** Two databases and the configuration file between them, as a reader would have them. */
    private final class Databases {

        private final TestDatabase source = Servers.source().freshDatabase();
        private final TestDatabase target = Servers.target().freshDatabase();
        private final Path config;
        private final Map<String, String> environment =
                Map.of(
                        "SOURCE_DB_URL", AgentHome.url(source.config()),
                        "TARGET_DB_URL", AgentHome.url(target.config()),
                        "LANDBRIDGE_URL", "http://127.0.0.1:" + port);

        Databases(String name, String observe) throws IOException {
            source.execute(
                    "CREATE TABLE customer (id int PRIMARY KEY, name text)",
                    "INSERT INTO customer SELECT i, 'customer ' || i FROM generate_series(1, 99) i");
            config =
                    Files.writeString(
                            directory.resolve(name + ".yaml"),
                            Files.readString(CHECKOUT.resolve("config/landbridge.yaml"))
                                    .replace("\n  name: main\n", "\n  name: " + name + "\n")
                                    .replace("\n  port: 8080\n", "\n  port: " + port + "\n")
                                    .replace("\n  observe: 0s\n", "\n  observe: " + observe + "\n")
                                    .replace(
                                            "\nstate-dir: state\n",
                                            "\nstate-dir: " + directory.resolve(name) + "\n"));
        }

        private String[] words(String line) {
            return line.substring(COMMAND.length())
                    .replace("my.yaml", config.toString())
                    .split(" +");
        }

        /** In this process, the exit status; what it prints is shown when it fails. */
        int run(String line) {
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
            int status =
                    Landbridge.execute(
                            new Shell(environment, out, out, false),
                            Migration::configure,
                            words(line));
            assertThat(status).as("%s: %s", line, said.toString(StandardCharsets.UTF_8)).isZero();
            return status;
        }

        AgentProcess start(String line) {
            return AgentProcess.start(
                    directory.resolve("service.log"), environment, List.of(words(line)));
        }

        /** The way back removes what was made at the target; the source has every row. */
        void assertBack() {
            assertThat(source.number("SELECT count(*) FROM customer")).isEqualTo(99);
            assertThat(target.value("SELECT to_regclass('public.customer') IS NULL"))
                    .isEqualTo("t");
        }

        void assertMoved() {
            RowsOf.assertEqual(source, target);
            assertThat(target.number("SELECT count(*) FROM customer")).isEqualTo(99);
        }
    }
}
