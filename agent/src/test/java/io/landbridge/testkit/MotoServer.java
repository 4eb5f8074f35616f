package io.landbridge.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * AWS's services as {@code moto} plays them, over HTTP on a free port. {@code scripts/test}
 * installs it. While one is open, AWS's clients in this JVM talk to it. It ends with this JVM,
 * however that ends.
 */
public final class MotoServer implements AutoCloseable {

    private static final Path INSTALLED =
            Path.of(System.getProperty("user.home"), ".cache/landbridge/moto/bin/moto_server");

    /** Ends the server when the pipe closes. */
    private static final String WATCHED =
            "\"$0\" -H 127.0.0.1 -p \"$1\" > /dev/null 2>&1 < /dev/null & cat > /dev/null; kill $!";

    private final Process process;
    private final URI url;
    private final Map<String, String> properties;

    private MotoServer(Process process, URI url) {
        this.process = process;
        this.url = url;
        this.properties =
                Map.of(
                        "aws.endpointUrl", url.toString(),
                        "aws.region", "eu-central-1",
                        "aws.accessKeyId", "tests",
                        "aws.secretAccessKey", "tests");
    }

    /** Starts one and returns when it answers. */
    public static MotoServer start() {
        String program = Files.isExecutable(INSTALLED) ? INSTALLED.toString() : "moto_server";
        int port = Ports.free();
        try {
            Process process =
                    new ProcessBuilder("sh", "-c", WATCHED, program, String.valueOf(port))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            MotoServer server = new MotoServer(process, URI.create("http://127.0.0.1:" + port));
            Await.until(
                    "moto answers; scripts/test installs it",
                    Duration.ofMinutes(2),
                    server::answers);
            server.properties.forEach(System::setProperty);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it answers. */
    public URI url() {
        return url;
    }

    private boolean answers() throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(url.resolve("/moto-api/")).build(),
                                BodyHandlers.discarding())
                        .statusCode()
                == 200;
    }

    @Override
    public void close() {
        properties.keySet().forEach(System::clearProperty);
        try {
            process.getOutputStream().close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
