package io.landbridge.cli;

import io.landbridge.config.Secret;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.observe.ApiError;
import io.landbridge.observe.Json;
import io.landbridge.phase.MigrationStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** Talks to a running agent's API. What the agent refuses comes back as the fault it was there. */
final class AgentClient {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long POLL_MILLIS = 300;

    private final HttpClient http;
    private final URI agent;
    private final Secret token;

    /**
     * A client; nothing is sent yet.
     *
     * @param agent ends with a slash
     * @param trust for https; empty: whom the JDK trusts
     */
    AgentClient(URI agent, Secret token, Optional<SSLContext> trust) {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(PATIENCE);
        trust.ifPresent(builder::sslContext);
        this.http = builder.build();
        this.agent = agent;
        this.token = token;
    }

    MigrationStatus status() throws InterruptedException {
        return read(statusText(), MigrationStatus.class);
    }

    /** The status as the agent spelt it. */
    String statusText() throws InterruptedException {
        return checked(send(request("api/v1/status").build()));
    }

    /** Whether {@code /health/ready} says yes. */
    boolean isReady() throws InterruptedException {
        return send(request("health/ready").build()).statusCode() == 200;
    }

    /**
     * Returns once anybody answers.
     *
     * @throws Fault USAGE when nobody does within {@code longest}
     */
    void awaitAnswer(Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            try {
                send(request("health/started").build());
                return;
            } catch (Fault e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
    }

    /**
     * Asks for {@code action}; returns once the agent accepted it.
     *
     * @param details what the action takes; may be empty
     */
    void ask(String action, Map<String, ?> details) throws InterruptedException {
        checked(
                send(
                        request("api/v1/" + action)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(Json.text(details)))
                                .build()));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(agent.resolve(path)).timeout(PATIENCE);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token.reveal());
        }
        return request;
    }

    private HttpResponse<String> send(HttpRequest request) throws InterruptedException {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw Fault.of(FaultCode.USAGE, "no agent answers at " + agent, e)
                    .hint("start it with 'landbridge run', or give its address to --url");
        }
    }

    private String checked(HttpResponse<String> answer) {
        if (answer.statusCode() < 300) {
            return answer.body();
        }
        ApiError error = read(answer.body(), ApiError.class);
        FaultCode code;
        try {
            code = FaultCode.valueOf(error.code());
        } catch (IllegalArgumentException | NullPointerException e) {
            throw stranger(e);
        }
        String where = error.table().map(table -> " (table " + table + ")").orElse("");
        throw Fault.of(code, error.message() + where).hint(error.hint());
    }

    private <T> T read(String text, Class<T> type) {
        try {
            return Json.read(text, type);
        } catch (UncheckedIOException e) {
            throw stranger(e);
        }
    }

    private Fault stranger(Exception cause) {
        return Fault.of(
                        FaultCode.USAGE,
                        "what answers at " + agent + " is no Landbridge agent",
                        cause)
                .hint("give the agent's address to --url");
    }
}
