package io.landbridge.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landbridge.capture.ConnectorStatus.State;
import io.landbridge.config.ConnectConfig;
import io.landbridge.config.PemTrust;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/**
 * Kafka Connect's REST interface, as far as it is needed. Thread-safe.
 *
 * @see <a href="https://kafka.apache.org/43/kafka-connect/user-guide/#rest-api">the interface</a>
 */
final class ConnectRest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** While workers share work out anew they answer so, and ask to be asked again. */
    private static final int CONFLICT = 409;

    private static final int NOT_FOUND = 404;

    private final ConnectConfig config;
    private final HttpClient http;
    private final ObjectMapper json = new ObjectMapper();

    ConnectRest(ConnectConfig config) {
        this.config = config;
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .connectTimeout(Duration.ofSeconds(5))
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NORMAL);
        if (!config.trust().toString().isEmpty()) {
            builder.sslContext(trust(config.trust()));
        }
        this.http = builder.build();
    }

    private static SSLContext trust(Path file) {
        try {
            return PemTrust.only(file);
        } catch (IOException | GeneralSecurityException e) {
            throw Fault.of(FaultCode.CONFIG_INVALID, "no certificates can be read from " + file, e)
                    .hint("kafka.connect.trust names a PEM file");
        }
    }

    /** What a connector does, and its tasks. */
    record Status(String state, List<TaskStatus> tasks) {

        boolean isStopped() {
            return state.equals("STOPPED") && tasks.isEmpty();
        }

        /**
         * What is to be told of both: its own state, or that of a task that doesn't do the same.
         */
        State worst() {
            return failure().isPresent()
                    ? State.FAILED
                    : tasks.stream()
                            .map(TaskStatus::state)
                            .filter(task -> !task.equals(state))
                            .findFirst()
                            .map(State::valueOf)
                            .orElseGet(() -> State.valueOf(state));
        }

        /** What a connector or a task of it failed with. */
        Optional<String> failure() {
            return tasks.stream()
                    .filter(task -> task.state().equals("FAILED"))
                    .map(TaskStatus::trace)
                    .findFirst();
        }
    }

    /**
     * @param trace what it failed with; empty when it did not
     */
    record TaskStatus(String state, String trace) {}

    /** The version of the plug-in that {@code type} is the class of; empty when it is not there. */
    Optional<String> pluginVersion(String type) {
        for (JsonNode plugin : ask("GET", "/connector-plugins", null)) {
            if (plugin.path("class").asText().equals(type)) {
                return Optional.of(plugin.path("version").asText());
            }
        }
        return Optional.empty();
    }

    /** How connector {@code name} is; empty when there is none. */
    Optional<Status> status(String name) {
        return find("GET", "/connectors/" + word(name) + "/status").map(ConnectRest::status);
    }

    private static Status status(JsonNode answer) {
        List<TaskStatus> tasks = new ArrayList<>();
        for (JsonNode task : answer.path("tasks")) {
            tasks.add(new TaskStatus(task.path("state").asText(), task.path("trace").asText("")));
        }
        JsonNode connector = answer.path("connector");
        if (connector.path("state").asText().equals("FAILED")) {
            tasks.add(new TaskStatus("FAILED", connector.path("trace").asText("")));
        }
        return new Status(connector.path("state").asText(), tasks);
    }

    /** What property {@code key} of connector {@code name} says; empty when there is none. */
    Optional<String> property(String name, String key) {
        return find("GET", "/connectors/" + word(name) + "/config")
                .map(answer -> answer.path(key).asText(""));
    }

    /** Makes a connector that does not run yet. */
    void create(String name, Map<String, String> settings) {
        var unused =
                ask(
                        "POST",
                        "/connectors",
                        Map.of("name", name, "config", settings, "initial_state", "STOPPED"));
    }

    void configure(String name, Map<String, String> settings) {
        var unused = ask("PUT", "/connectors/" + word(name) + "/config", settings);
    }

    void stop(String name) {
        order(name, "stop");
    }

    void pause(String name) {
        order(name, "pause");
    }

    void resume(String name) {
        order(name, "resume");
    }

    private void order(String name, String what) {
        var unused = find("PUT", "/connectors/" + word(name) + "/" + what);
    }

    /** Forgets what Connect remembers of a stopped connector's places. */
    void forgetOffsets(String name) {
        var unused = find("DELETE", "/connectors/" + word(name) + "/offsets");
    }

    /** Has a stopped connector begin at {@code offset}. */
    void setOffset(String name, Map<String, ?> partition, Map<String, ?> offset) {
        var unused =
                ask(
                        "PATCH",
                        "/connectors/" + word(name) + "/offsets",
                        Map.of(
                                "offsets",
                                List.of(Map.of("partition", partition, "offset", offset))));
    }

    void delete(String name) {
        var unused = find("DELETE", "/connectors/" + word(name));
    }

    private JsonNode ask(String method, String path, Object body) {
        Answer answer = send(method, path, body);
        if (answer.isNotFound()) {
            throw refused(method, path, answer);
        }
        return answer.body();
    }

    private Optional<JsonNode> find(String method, String path) {
        Answer answer = send(method, path, null);
        return answer.isNotFound() ? Optional.empty() : Optional.of(answer.body());
    }

    private record Answer(int status, JsonNode body) {

        /** A worker that has only begun to start finds no page at all, and says so in HTML. */
        boolean isNotFound() {
            return status == NOT_FOUND && body.has("error_code");
        }
    }

    private Answer send(String method, String path, Object body) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Answer answer = sendOnce(method, path, body);
            if (answer.status() < 300 || answer.isNotFound()) {
                return answer;
            }
            boolean passes =
                    answer.status() == CONFLICT
                            || answer.status() == NOT_FOUND
                            || answer.status() >= 500;
            if (!passes) {
                throw refused(method, path, answer);
            }
            if (System.nanoTime() - deadline > 0) {
                throw unreachable(said(method, path, answer), null);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private Answer sendOnce(String method, String path, Object body) {
        try {
            HttpRequest.BodyPublisher publisher =
                    body == null
                            ? HttpRequest.BodyPublishers.noBody()
                            : HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body));
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(base() + path))
                            .timeout(PATIENCE)
                            .header("Accept", "application/json")
                            .header("Content-Type", "application/json")
                            .method(method, publisher);
            authorization().ifPresent(value -> request.header("Authorization", value));
            HttpResponse<String> answer =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), read(answer.body()));
        } catch (IOException e) {
            throw unreachable("Kafka Connect at " + base() + " does not answer: " + why(e), e);
        } catch (IllegalArgumentException e) {
            throw Fault.of(FaultCode.CONFIG_INVALID, "kafka.connect-url is no URL: " + base(), e)
                    .hint("give it http://HOST:8083");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable("interrupted while waiting for Kafka Connect", e);
        }
    }

    private static String why(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Proxies answer with pages. */
    private JsonNode read(String body) {
        try {
            return body.isEmpty() ? json.createObjectNode() : json.readTree(body);
        } catch (JsonProcessingException e) {
            return json.createObjectNode().put("message", body);
        }
    }

    private String base() {
        String url = config.url();
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private Optional<String> authorization() {
        if (!config.token().isEmpty()) {
            return Optional.of("Bearer " + config.token().reveal());
        }
        if (config.user().isEmpty()) {
            return Optional.empty();
        }
        String login = config.user() + ":" + config.password().reveal();
        return Optional.of(
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }

    private static String word(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private static String said(String method, String path, Answer answer) {
        return "Kafka Connect answers %s %s with %d: %s"
                .formatted(method, path, answer.status(), answer.body().path("message").asText());
    }

    private static Fault refused(String method, String path, Answer answer) {
        boolean login = answer.status() == 401 || answer.status() == 403;
        return Fault.of(FaultCode.CONNECT_REFUSED, said(method, path, answer))
                .hint(
                        login
                                ? "see kafka.connect: user and password, or token"
                                : "see kafka.connect.properties, kafka.connect.template and the"
                                        + " worker's log");
    }

    private static Fault unreachable(String what, Exception cause) {
        return Fault.of(FaultCode.CONNECT_UNREACHABLE, what, cause)
                .hint("see whether Kafka Connect runs where kafka.connect-url says");
    }
}
