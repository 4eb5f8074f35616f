package io.landbridge.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.Ports;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code config/prometheus} and {@code config/grafana} give, held to a real Prometheus. */
@Timeout(300)
class MonitoringIT {

    private static final Path CONFIG = Path.of("..", "config");
    private static final Duration SOON = Duration.ofMinutes(1);

    /** Has no series before the first fault, as it should be. */
    private static final String FAULTS = "landbridge_faults_total";

    @TempDir Path directory;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void alertsFireWhenTheyShould() throws Exception {
        copy("prometheus/landbridge.rules.yml");
        Files.copy(
                Path.of("src/test/resources/monitoring/alerts.test.yml"),
                directory.resolve("alerts.test.yml"));
        assertThat(promtool("check", "rules", "landbridge.rules.yml")).contains("SUCCESS");
        assertThat(promtool("test", "rules", "alerts.test.yml")).contains("SUCCESS");
    }

    @Test
    void dashboardAndAlertsAreAnsweredByAPrometheusThatScrapesAnAgent() throws Exception {
        TestDatabase source = Servers.source().freshDatabase();
        TestDatabase target = Servers.target().freshDatabase();
        Workload.createTables(source, 100);
        try (AgentHome home =
                        new AgentHome(
                                "scraped",
                                source.config(),
                                target.config(),
                                "tables:\n  include: ['*.*']\n");
                AgentProcess agent = home.start("run")) {
            Await.until("it follows", SOON, () -> isIn(home, "/stage/step", "FOLLOW"));
            int port = Ports.free();
            Process prometheus = startPrometheus(home.page(), port);
            try {
                Await.until(
                        "two scrapes",
                        SOON,
                        () ->
                                !answer(port, "rate(landbridge_batches_applied_total[1m])")
                                        .isEmpty());
                for (String expression : expressions()) {
                    if (!expression.contains(FAULTS)) {
                        assertThat(answer(port, expression)).as(expression).isNotEmpty();
                    }
                }
                assertThat(answer(port, "ALERTS")).isEmpty();
            } finally {
                prometheus.destroy();
                assertThat(prometheus.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
            // The server is shared: a slot that stayed would keep its log for ever.
            home.ask("rollback");
            Await.until("it is rolled back", SOON, () -> isIn(home, "/stage/phase", "ROLLED_BACK"));
            assertThat(agent.stop(SOON)).isZero();
        }
    }

    private static boolean isIn(AgentHome home, String field, String value) {
        try {
            return home.status().at(field).asText().equals(value);
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The dashboard's queries, with everything for its variables. */
    private List<String> expressions() throws IOException {
        JsonNode dashboard = json.readTree(CONFIG.resolve("grafana/landbridge.json").toFile());
        List<String> expressions = new ArrayList<>();
        for (JsonNode panel : dashboard.get("panels")) {
            for (JsonNode query : panel.get("targets")) {
                expressions.add(query.get("expr").asText().replace("$instance", ".*"));
            }
        }
        assertThat(expressions).hasSizeGreaterThan(20);
        return expressions;
    }

    private Process startPrometheus(URI agent, int port) throws IOException {
        copy("prometheus/landbridge.rules.yml");
        String shipped = Files.readString(CONFIG.resolve("prometheus/prometheus.yml"));
        Path config =
                Files.writeString(
                        directory.resolve("prometheus.yml"),
                        shipped.replace("127.0.0.1:8080", agent.getAuthority())
                                .replace("10s", "1s"));
        return new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
    }

    /** The result of a query; empty while Prometheus isn't up. */
    private JsonNode answer(int port, String expression) {
        URI query =
                URI.create(
                        "http://127.0.0.1:"
                                + port
                                + "/api/v1/query?query="
                                + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        try {
            JsonNode answer =
                    json.readTree(
                            http.send(
                                            HttpRequest.newBuilder(query).build(),
                                            BodyHandlers.ofInputStream())
                                    .body());
            assertThat(answer.get("status").asText()).as(expression).isEqualTo("success");
            return answer.at("/data/result");
        } catch (IOException e) {
            return json.createArrayNode();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void copy(String file) throws IOException {
        Path from = CONFIG.resolve(file);
        Files.copy(from, directory.resolve(from.getFileName()));
    }

    private String promtool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process promtool =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
        return said;
    }
}
