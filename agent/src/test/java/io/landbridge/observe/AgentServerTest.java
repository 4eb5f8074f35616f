package io.landbridge.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landbridge.change.TableId;
import io.landbridge.config.HttpConfig;
import io.landbridge.config.Secret;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.Lsn;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.testkit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentServerTest {

    private final RecordedControl control =
            new RecordedControl(Statuses.streaming("CDC", Duration.ofSeconds(2)).build());
    private final HttpClient client = HttpClient.newHttpClient();
    @TempDir Path reports;
    private AgentServer server;

    @BeforeEach
    void start() {
        server = start("127.0.0.1", Secret.NONE);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void statusIsTheSnapshotAsJson() throws Exception {
        HttpResponse<String> answer = get("/api/v1/status");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(Json.read(answer.body(), MigrationStatus.class)).isEqualTo(control.status());
    }

    @Test
    void probesAnswerWithReasons() throws Exception {
        assertThat(get("/health/started").statusCode()).isEqualTo(200);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        control.show(Statuses.in("FULL_LOAD").build());
        HttpResponse<String> answer = get("/health/ready");
        assertThat(answer.statusCode()).isEqualTo(503);
        JsonNode report = new ObjectMapper().readTree(answer.body());
        assertThat(report.get("status").asText()).isEqualTo("down");
        assertThat(report.get("phase").asText()).isEqualTo("FULL_LOAD");
        assertThat(report.get("reasons").get(0).asText()).contains("isn't complete");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pause",
                "resume",
                "validate",
                "repair",
                "cutover",
                "rollback",
                "finish",
                "abort"
            })
    void actionsReachTheMigration(String action) throws Exception {
        HttpResponse<String> answer = post(action, "Content-Type", "application/json", "");
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).contains("\"accepted\":\"" + action + "\"");
        assertThat(control.asked()).containsExactly(action);
    }

    @Test
    void dryRunOfACutoverMovesNobody() throws Exception {
        String json = "Content-Type";
        assertThat(post("cutover", json, "application/json", "{\"dryRun\":true}").statusCode())
                .isEqualTo(202);
        assertThat(control.asked()).containsExactly("rehearse");
        post("cutover", json, "application/json", "{\"dryRun\":false,\"migration\":\"shop\"}");
        assertThat(control.asked()).containsExactly("rehearse", "cutover");
    }

    @Test
    void anotherTransportIsNamedInTheBody() throws Exception {
        String json = "application/json";
        String type = "Content-Type";
        post("mode", type, json, "{\"mode\":\"kafka\",\"dryRun\":true}");
        post("mode", type, json, "{\"mode\":\"kafka\"}");
        assertThat(control.asked()).containsExactly("check transport KAFKA", "transport KAFKA");
        HttpResponse<String> answer = post("mode", type, json, "{\"mode\":\"pigeons\"}");
        assertThat(answer.body()).contains("USAGE", "'pigeons' is no transport");
    }

    @Test
    void rollbackToAMomentTakesItWithItsZone() throws Exception {
        String json = "application/json";
        post("rollback", "Content-Type", json, "{\"to\":\"2026-11-22 21:48:15.5+01\"}");
        post("rollback", "Content-Type", json, "{\"to\":\"2026-11-22T21:48:15Z\"}");
        assertThat(control.asked())
                .containsExactly(
                        "rollback to 2026-11-22T20:48:15.500Z", "rollback to 2026-11-22T21:48:15Z");
        HttpResponse<String> answer =
                post("rollback", "Content-Type", json, "{\"to\":\"2026-11-22 21:48:15\"}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("no moment with a zone");
    }

    @Test
    void formOfAnotherSiteIsRefused() throws Exception {
        HttpResponse<String> answer =
                post("abort", "Content-Type", "application/x-www-form-urlencoded", "a=b");
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(post("abort", "Content-Type", "text/plain", "{}").statusCode()).isEqualTo(415);
        assertThat(control.asked()).isEmpty();
        assertThat(post("abort", "X-Landbridge", "1", "").statusCode()).isEqualTo(202);
    }

    @Test
    void nameThatAnotherSiteMadeResolveToUsIsRefused() throws Exception {
        String answer =
                raw(
                        "POST /api/v1/abort HTTP/1.1\r\nHost: evil.example:80\r\nContent-Type:"
                                + " application/json\r\nContent-Length: 0\r\nConnection:"
                                + " close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 403");
        assertThat(control.asked()).isEmpty();
    }

    @Test
    void noOtherSiteMayReadAnything() throws Exception {
        assertThat(get("/api/v1/status").headers().map().keySet())
                .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-"));
        HttpRequest ask =
                HttpRequest.newBuilder(server.url().resolve("/api/v1/abort"))
                        .method("OPTIONS", BodyPublishers.noBody())
                        .build();
        assertThat(client.send(ask, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }

    @Test
    void tokenIsNeededWhereOneIsConfigured() throws Exception {
        restart("127.0.0.1", new Secret("s3cret"));
        HttpResponse<String> answer = post("pause", "Content-Type", "application/json", "");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        assertThat(post("pause", "Authorization", "Bearer wrong", "").statusCode()).isEqualTo(401);
        assertThat(control.asked()).isEmpty();
        assertThat(post("pause", "Authorization", "Bearer s3cret", "").statusCode()).isEqualTo(202);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void nothingChangesOverANetworkWithoutAToken() throws Exception {
        restart("0.0.0.0", Secret.NONE);
        HttpResponse<String> answer = post("pause", "Content-Type", "application/json", "");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("set http.token");
        assertThat(get("/api/v1/status").statusCode()).isEqualTo(200);
    }

    @Test
    void faultComesWithItsCodeAndStatus() throws Exception {
        control.refuse(
                Fault.of(FaultCode.CUTOVER_REFUSED, "table is stopped")
                        .in(new TableId("public", "orders"))
                        .at(new Lsn(0x4000))
                        .hint("repair it"));
        HttpResponse<String> answer = post("cutover", "X-Landbridge", "1", "");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(new ObjectMapper().readTree(answer.body()))
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        """
                                        {"code": "CUTOVER_REFUSED", "message": "table is stopped",
                                         "table": "public.orders", "position": "0/4000",
                                         "hint": "repair it"}
                                        """));
        control.refuse(Fault.of(FaultCode.TARGET_UNREACHABLE, "gone"));
        assertThat(post("pause", "X-Landbridge", "1", "").statusCode()).isEqualTo(503);
    }

    @Test
    void requestMeantForAnotherMigrationIsRefused() throws Exception {
        assertThat(
                        post("abort", "Content-Type", "application/json", "{\"migration\":\"x\"}")
                                .statusCode())
                .isEqualTo(409);
        assertThat(control.asked()).isEmpty();
        assertThat(
                        post(
                                        "abort",
                                        "Content-Type",
                                        "application/json",
                                        "{\"migration\":\"shop\"}")
                                .statusCode())
                .isEqualTo(202);
    }

    @Test
    void wrongRequestsAreToldWhy() throws Exception {
        assertThat(get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(get("/../../etc/passwd").statusCode()).isEqualTo(404);
        HttpResponse<String> wrongMethod = get("/api/v1/pause");
        assertThat(wrongMethod.statusCode()).isEqualTo(405);
        assertThat(wrongMethod.headers().firstValue("Allow")).hasValue("POST");
        assertThat(post("status", "X-Landbridge", "1", "").statusCode()).isEqualTo(405);
        for (String body : List.of("[1]", "nonsense", "null", "{\"migration\":{}}")) {
            assertThat(post("pause", "Content-Type", "application/json", body).statusCode())
                    .isEqualTo(400);
        }
        assertThat(post("pause", "X-Landbridge", "1", " ".repeat(70_000)).statusCode())
                .isEqualTo(413);
        assertThat(control.asked()).isEmpty();
    }

    @Test
    void metricsAreInPrometheusForm() throws Exception {
        control.show(
                Statuses.streaming("CDC", Duration.ofMillis(2_500))
                        .validation(Statuses.validation("CLEAN", 0))
                        .faults(List.of(), Statuses.counts())
                        .build());
        HttpResponse<String> answer = get("/metrics");
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/plain; version=0.0.4");
        assertThat(answer.body().lines())
                .contains(
                        "landbridge_phase{phase=\"CDC\"} 1.0",
                        "landbridge_phase{phase=\"FULL_LOAD\"} 0.0",
                        "landbridge_rows_loaded_total 1500.0",
                        "landbridge_replication_lag_seconds 2.5",
                        "landbridge_replication_lag_bytes 4096.0",
                        "landbridge_buffer_depth_events 12.0",
                        "landbridge_retries_total 3.0",
                        "landbridge_connector_state{state=\"RUNNING\"} 1.0",
                        "landbridge_connector_state{state=\"FAILED\"} 0.0",
                        "landbridge_connector_task_restarts_total 2.0",
                        "landbridge_connector_lag_records 40.0",
                        "landbridge_connector_lag_bytes 4000.0",
                        "landbridge_crew_lag_records NaN",
                        "landbridge_faults_total{code=\"DIVERGENCE\"} 2.0",
                        "landbridge_faults_total{code=\"SOURCE_GAP\"} 0.0",
                        "landbridge_slot_retained_bytes 65536.0",
                        "landbridge_slot_time_left_seconds 108000.0",
                        "landbridge_validation_clean 1.0",
                        "landbridge_table_rows_loaded{schema=\"public\",table=\"orders\"} 500.0",
                        "# TYPE landbridge_rows_loaded_total counter")
                .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"));
    }

    @Test
    void unknownFiguresAreNotZero() throws Exception {
        control.show(Statuses.in("FULL_LOAD").build());
        assertThat(get("/metrics").body().lines())
                .contains(
                        "landbridge_replication_lag_seconds NaN",
                        "landbridge_slot_retained_bytes NaN");
    }

    @Test
    void pageIsServedFromTheJarAlone() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'");
        assertThat(page.body()).doesNotContain("http://").doesNotContain("https://");
        assertThat(get("/page.js").statusCode()).isEqualTo(200);
        assertThat(get("/page.css").statusCode()).isEqualTo(200);
        assertThat(get("/uplot.js").statusCode()).isEqualTo(200);
    }

    @Test
    void liveStreamGivesTheStatusAgainAndAgain() throws Exception {
        HttpRequest live = HttpRequest.newBuilder(server.url().resolve("/api/v1/live")).build();
        HttpResponse<java.util.stream.Stream<String>> answer =
                client.send(live, BodyHandlers.ofLines());
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        try (var lines = answer.body()) {
            List<String> two =
                    lines.dropWhile(line -> !line.equals("event: status"))
                            .filter(line -> line.contains("\"migration\""))
                            .limit(2)
                            .toList();
            assertThat(Json.read(two.get(1).substring("data: ".length()), MigrationStatus.class))
                    .isEqualTo(control.status());
        }
    }

    /** Beyond that a page polls; a probe is answered all the same. */
    @Test
    void openPagesAreBounded() throws Exception {
        List<Socket> open = new ArrayList<>();
        try {
            for (int page = 0; page < 9; page++) {
                Socket socket =
                        new Socket(InetAddress.getLoopbackAddress(), server.url().getPort());
                open.add(socket);
                socket.getOutputStream()
                        .write(
                                "GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                String first =
                        new BufferedReader(
                                        new InputStreamReader(
                                                socket.getInputStream(), StandardCharsets.US_ASCII))
                                .readLine();
                assertThat(first)
                        .isEqualTo(
                                page < 8 ? "HTTP/1.1 200 OK" : "HTTP/1.1 503 Service Unavailable");
            }
            assertThat(get("/health/live").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void historyHasAColumnForEachFigure() throws Exception {
        Await.until(
                "a point is taken", Duration.ofSeconds(30), () -> columns().get("at").size() == 1);
        assertThat(columns().get("lag").get(0).asDouble()).isEqualTo(2);
        assertThat(columns().get("events")).hasSize(1);
    }

    private JsonNode columns() {
        try {
            return new ObjectMapper().readTree(get("/api/v1/history").body());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void reportsAreListedAndReadAndNothingElseIs() throws Exception {
        Files.writeString(reports.resolve("validation-1.json"), "{}");
        Files.writeString(reports.resolve("validation-1.json.part"), "{");
        Files.writeString(reports.resolveSibling("secret.json"), "{}");
        assertThat(get("/api/v1/reports").body())
                .contains("\"validation-1.json\"")
                .doesNotContain("part");
        HttpResponse<String> read = get("/reports/validation-1.json");
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("sandbox");
        assertThat(get("/reports/validation-1.json.part").statusCode()).isEqualTo(404);
        assertThat(get("/reports/..%2Fsecret.json").statusCode()).isEqualTo(404);
        assertThat(get("/reports/").statusCode()).isEqualTo(404);
    }

    @Test
    void headAnswersWithoutABody() throws Exception {
        HttpRequest head =
                HttpRequest.newBuilder(server.url().resolve("/health/live"))
                        .method("HEAD", BodyPublishers.noBody())
                        .build();
        HttpResponse<String> answer = client.send(head, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void takenPortIsAConfigurationFault() {
        HttpConfig taken =
                new HttpConfig(
                        "127.0.0.1",
                        server.url().getPort(),
                        Secret.NONE,
                        Duration.ofMinutes(1),
                        Optional.empty());
        assertThatThrownBy(() -> AgentServer.start(taken, control, reports))
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> {
                            assertThat(fault.code()).isEqualTo(FaultCode.CONFIG_INVALID);
                            assertThat(fault.getMessage()).contains("http.port");
                        });
    }

    private AgentServer start(String bind, Secret token) {
        return AgentServer.start(
                new HttpConfig(bind, 0, token, Duration.ofMinutes(1), Optional.empty()),
                control,
                reports);
    }

    private void restart(String bind, Secret token) {
        server.close();
        server = start(bind, token);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(server.url().resolve(path)).build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String action, String header, String value, String body)
            throws Exception {
        return client.send(
                HttpRequest.newBuilder(server.url().resolve("/api/v1/" + action))
                        .header(header, value)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.url().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
