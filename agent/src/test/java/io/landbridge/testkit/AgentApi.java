package io.landbridge.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What an agent on this machine answers and takes at its HTTP port. */
public final class AgentApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final URI page;
    private final HttpClient http = HttpClient.newHttpClient();

    public AgentApi(int port) {
        page = URI.create("http://127.0.0.1:" + port + "/");
    }

    /** Where a running agent shows its page. */
    public URI page() {
        return page;
    }

    /**
     * What the running agent says of itself.
     *
     * @throws IOException when none answers
     */
    public JsonNode status() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(page.resolve("/api/v1/status")).timeout(PATIENCE).build();
        return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
    }

    /**
     * Asks the running agent for {@code action}, such as pause.
     *
     * @throws IOException when none answers
     */
    public void ask(String action) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(page.resolve("/api/v1/" + action))
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.noBody())
                        .build();
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(action + ": " + answer.body());
        }
    }
}
