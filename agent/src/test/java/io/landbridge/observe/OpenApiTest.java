package io.landbridge.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import io.landbridge.change.TableId;
import io.landbridge.config.HttpConfig;
import io.landbridge.config.Secret;
import io.landbridge.cutover.ClientPause;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.Lsn;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.Assessment;
import io.landbridge.phase.MigrationStatus.Attempt;
import io.landbridge.phase.MigrationStatus.CutoverState;
import io.landbridge.phase.MigrationStatus.CutoverStep;
import io.landbridge.phase.MigrationStatus.Finding;
import io.landbridge.phase.MigrationStatus.LoadTotals;
import io.landbridge.phase.MigrationStatus.RepairResult;
import io.landbridge.phase.MigrationStatus.TableState;
import io.landbridge.phase.Phase;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Holds {@code /api/v1/openapi.yaml} to the server: every path and no other, and every answer as
 * its schema says, without a field that the schema doesn't know.
 */
class OpenApiTest {

    private static final String SCHEMAS = "/components/schemas/";

    private final RecordedControl control = new RecordedControl(everything());
    private final HttpClient client = HttpClient.newHttpClient();
    @TempDir Path reports;
    private AgentServer server;
    private JsonNode document;

    @BeforeEach
    void fetchTheDocument() throws Exception {
        server =
                AgentServer.start(
                        new HttpConfig(
                                "127.0.0.1",
                                0,
                                Secret.NONE,
                                Duration.ofMinutes(1),
                                Optional.empty()),
                        control,
                        reports);
        HttpResponse<String> answer = send("GET", "/api/v1/openapi.yaml");
        assertThat(type(answer)).isEqualTo("application/yaml");
        Object yaml = new Load(LoadSettings.builder().build()).loadFromString(answer.body());
        document = new ObjectMapper().valueToTree(yaml);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void hasEveryPathOfTheServerAndNoOther() throws Exception {
        Set<String> documented = new TreeSet<>();
        document.get("paths")
                .fieldNames()
                .forEachRemaining(path -> documented.add(path.replace("{name}", "")));
        HttpConfig config =
                new HttpConfig("127.0.0.1", 0, Secret.NONE, Duration.ZERO, Optional.empty());
        try (Exposition exposition = new Exposition(control)) {
            assertThat(documented)
                    .isEqualTo(
                            new Routes(
                                            new Guard(config, java.net.InetAddress.getLocalHost()),
                                            new Health(control, config),
                                            exposition,
                                            new History(),
                                            new ReportFiles(reports),
                                            control)
                                    .paths());
        }
    }

    @Test
    void everyAnswerIsAsItSays() throws Exception {
        Files.writeString(reports.resolve("cutover-1.json"), "{}");
        for (MigrationStatus status :
                List.of(everything(), Statuses.in("ASSESSMENT").build(), failing())) {
            control.show(status);
            for (String path : paths()) {
                JsonNode operations = document.get("paths").get(path);
                String method = operations.fieldNames().next();
                if (!path.equals("/api/v1/live")) {
                    check(operations.get(method), path, method);
                }
            }
        }
        control.refuse(
                Fault.of(FaultCode.CUTOVER_REFUSED, "table is stopped")
                        .in(new TableId("public", "orders"))
                        .at(new Lsn(0x4000))
                        .hint("repair it"));
        assertThat(
                        check(
                                        document.at("/paths/~1api~1v1~1cutover/post"),
                                        "/api/v1/cutover",
                                        "post")
                                .statusCode())
                .isEqualTo(409);
    }

    @Test
    void everyFieldIsAlwaysThere() {
        JsonNode schemas = document.at("/components/schemas");
        Set<String> asked = Set.of("Order", "Comparison");
        schemas.fieldNames()
                .forEachRemaining(
                        name -> {
                            JsonNode schema = schemas.get(name);
                            if (schema.has("properties") && !asked.contains(name)) {
                                Set<String> required = new TreeSet<>();
                                schema.path("required").forEach(one -> required.add(one.asText()));
                                Set<String> fields = new TreeSet<>();
                                schema.get("properties").fieldNames().forEachRemaining(fields::add);
                                assertThat(required).as(name).isEqualTo(fields);
                            }
                        });
    }

    @Test
    void namesEveryPhaseAndState() {
        assertThat(words(document.at(SCHEMAS + "Phase/enum"))).isEqualTo(names(Phase.values()));
        assertThat(words(document.at(SCHEMAS + "TableProgress/properties/state/enum")))
                .isEqualTo(names(TableState.values()));
    }

    private static Set<String> words(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants)
                .map(Enum::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private List<String> paths() {
        List<String> paths = new java.util.ArrayList<>();
        document.get("paths").fieldNames().forEachRemaining(paths::add);
        return paths;
    }

    /** Asks, and holds the answer to what the operation promises for its status. */
    private HttpResponse<String> check(JsonNode operation, String path, String method)
            throws Exception {
        HttpResponse<String> answer =
                send(method.toUpperCase(Locale.ROOT), path.replace("{name}", "cutover-1.json"));
        JsonNode responses = operation.get("responses");
        String status = String.valueOf(answer.statusCode());
        JsonNode response = resolved(responses.path(responses.has(status) ? status : "default"));
        JsonNode content = response.path("content").path(type(answer));
        assertThat(content.isMissingNode())
                .as("%s %s answered %s as %s", method, path, status, type(answer))
                .isFalse();
        if (type(answer).equals("application/json")) {
            assertThat(
                            schema(content.get("schema"))
                                    .validate(new ObjectMapper().readTree(answer.body())))
                    .as("%s %s: %s", method, path, answer.body())
                    .isEmpty();
        }
        return answer;
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }

    /** The schema with all it refers to, made strict: no field that isn't named. */
    private JsonSchema schema(JsonNode schema) {
        ObjectNode whole = schema.deepCopy();
        ObjectNode components = document.get("components").deepCopy();
        components
                .get("schemas")
                .forEach(
                        one -> {
                            if (one.has("properties") && !one.has("additionalProperties")) {
                                ((ObjectNode) one).put("additionalProperties", false);
                            }
                        });
        whole.set("components", components);
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(
                        whole,
                        SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(server.url().resolve(path))
                        .header("X-Landbridge", "1")
                        .method(
                                method,
                                method.equals("POST")
                                        ? BodyPublishers.ofString("{}", StandardCharsets.UTF_8)
                                        : BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    private static String type(HttpResponse<String> answer) {
        return answer.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
    }

    /** A status in which nothing is unknown. */
    private static MigrationStatus everything() {
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        TableId table = new TableId("public", "orders");
        return Statuses.streaming("CDC", Duration.ofMillis(1_500))
                .load(
                        new LoadTotals(1, 0, 1, 2, 3, 4, 5.5, 6.5, Optional.of(Duration.ZERO)),
                        List.of(Statuses.stopped("orders")))
                .assessment(
                        new Assessment(
                                at, 0, 0, 1, List.of(new Finding("NOTE", "NO_KEY", "o", "w", ""))))
                .validation(Statuses.validation("DIFFERENT", 3))
                .repair(
                        new RepairResult(
                                "REPAIRED",
                                at,
                                Optional.of(at),
                                Optional.of("0/4000"),
                                1,
                                2,
                                List.of(table),
                                List.of(table)))
                .cutover(
                        new CutoverState(
                                Optional.of(
                                        new Attempt("a1", "cutover", "UNDONE", Optional.of("no"))),
                                List.of(
                                        new CutoverStep(
                                                "FENCE",
                                                "DONE",
                                                Optional.of(at),
                                                Optional.of(Duration.ofMillis(20)),
                                                "")),
                                List.of("the lag is 9 s"),
                                Optional.of(
                                        new ClientPause(
                                                1, 0, Duration.ofMillis(40), Optional.of(at)))))
                .faults(List.of(Statuses.divergence()), Statuses.counts())
                .build();
    }

    private static MigrationStatus failing() {
        return Statuses.in("FAILED").faults(List.of(Statuses.divergence()), Map.of()).build();
    }
}
