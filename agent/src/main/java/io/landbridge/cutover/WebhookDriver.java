package io.landbridge.cutover;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.landbridge.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Asks a service of the operator's to move the clients: POST with a JSON object whose {@code
 * action} is check, hold, switch, release or undo; an answer of 2xx means done. Each may come
 * again.
 *
 * <p>{@code X-Landbridge-Signature} is {@code sha256=} and the HMAC-SHA256, under the secret, of
 * {@code X-Landbridge-Timestamp}, a full stop and the body, in hexadecimal digits: who receives it
 * can tell that it is ours, and that it isn't an old one.
 */
public final class WebhookDriver implements TrafficDriver {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI uri;
    private final Secret secret;
    private final Duration timeout;
    private final Map<String, String> facts;
    private final HttpClient client;

    /**
     * @param facts sent with every action, such as where clients are to be pointed
     */
    public WebhookDriver(URI uri, Secret secret, Duration timeout, Map<String, String> facts) {
        this.uri = uri;
        this.secret = secret;
        this.timeout = timeout;
        this.facts = Map.copyOf(facts);
        this.client = HttpClient.newBuilder().connectTimeout(timeout).build();
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public boolean holdsClients() {
        return true;
    }

    @Override
    public void check() {
        post("check", timeout);
    }

    @Override
    public void hold(Duration limit) {
        post("hold", limit);
    }

    @Override
    public void switchOver() {
        post("switch", timeout);
    }

    @Override
    public void release() {
        post("release", timeout);
    }

    @Override
    public void undo() {
        post("undo", timeout);
    }

    private void post(String action, Duration limit) {
        try {
            String body = body(action, limit);
            String now = String.valueOf(Instant.now().getEpochSecond());
            HttpResponse<Void> answer =
                    client.send(
                            HttpRequest.newBuilder(uri)
                                    .timeout(limit)
                                    .header("Content-Type", "application/json")
                                    .header("X-Landbridge-Timestamp", now)
                                    .header("X-Landbridge-Signature", "sha256=" + sign(now, body))
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
            if (answer.statusCode() / 100 != 2) {
                throw TrafficFaults.of(
                        "the webhook answered " + action + " with " + answer.statusCode());
            }
        } catch (IOException e) {
            throw TrafficFaults.of("the webhook gives no answer to " + action, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TrafficFaults.of("interrupted while the webhook was asked to " + action, e);
        }
    }

    private String body(String action, Duration limit) throws JsonProcessingException {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("action", action);
        body.put("timeoutSeconds", String.valueOf(limit.toSeconds()));
        body.putAll(facts);
        return JSON.writeValueAsString(body);
    }

    private String sign(String timestamp, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(
                    new SecretKeySpec(
                            secret.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of()
                    .formatHex(
                            mac.doFinal((timestamp + "." + body).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
