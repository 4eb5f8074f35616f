package io.landbridge.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.landbridge.config.Secret;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drivers that call something of the operator's. */
class TrafficDriversTest {

    @TempDir Path directory;

    private Path program(String script) throws Exception {
        Path program = Files.writeString(directory.resolve("move"), "#!/bin/sh\n" + script);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }

    @Test
    void callsTheProgramWithOneWordAndTheFacts() throws Exception {
        Path said = directory.resolve("said");
        TrafficDriver driver =
                new CommandDriver(
                        program("echo \"$1 to $LANDBRIDGE_TO_HOST\" >> " + said),
                        Map.of("LANDBRIDGE_TO_HOST", "new.example"));
        driver.check();
        driver.hold(Duration.ofSeconds(5));
        driver.switchOver();
        driver.release();
        driver.undo();
        assertThat(Files.readAllLines(said))
                .containsExactly(
                        "check to new.example",
                        "hold to new.example",
                        "switch to new.example",
                        "release to new.example",
                        "undo to new.example");
    }

    @Test
    void tellsWhatTheProgramSaidWhenItFails() throws Exception {
        TrafficDriver driver = new CommandDriver(program("echo no proxy here; exit 3"), Map.of());
        assertThatThrownBy(driver::switchOver)
                .hasMessageContaining("status 3")
                .hasMessageContaining("no proxy here");
    }

    @Test
    void endsAProgramThatTakesTooLong() throws Exception {
        TrafficDriver driver = new CommandDriver(program("exec sleep 60"), Map.of());
        assertThatThrownBy(() -> driver.hold(Duration.ofMillis(200)))
                .hasMessageContaining("did not end");
    }

    @Test
    void signsWhatItAsksTheWebhook() throws Exception {
        List<String> bodies = new CopyOnWriteArrayList<>();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/traffic",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    var headers = exchange.getRequestHeaders();
                    String expected =
                            "sha256="
                                    + sign(headers.getFirst("X-Landbridge-Timestamp") + "." + body);
                    boolean ours = expected.equals(headers.getFirst("X-Landbridge-Signature"));
                    bodies.add(body);
                    exchange.sendResponseHeaders(
                            !ours ? 401 : body.contains("\"undo\"") ? 500 : 204, -1);
                    exchange.close();
                });
        server.start();
        try {
            TrafficDriver driver =
                    new WebhookDriver(
                            URI.create(
                                    "http://127.0.0.1:"
                                            + server.getAddress().getPort()
                                            + "/traffic"),
                            new Secret("key"),
                            Duration.ofSeconds(5),
                            Map.of("toHost", "new.example"));
            driver.check();
            driver.hold(Duration.ofSeconds(2));
            driver.switchOver();
            driver.release();
            assertThat(bodies)
                    .hasSize(4)
                    .allMatch(body -> body.contains("\"toHost\":\"new.example\""));
            assertThat(bodies.get(2)).contains("\"action\":\"switch\"");
            assertThatThrownBy(driver::undo).hasMessageContaining("500");
        } finally {
            server.stop(0);
        }
    }

    private static String sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("key".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
