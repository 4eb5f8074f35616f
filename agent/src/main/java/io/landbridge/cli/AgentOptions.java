package io.landbridge.cli;

import io.landbridge.config.Secret;
import io.landbridge.config.Units;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of every command that talks to a running agent. */
final class AgentOptions {

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "The agent's address (default: LANDBRIDGE_URL, else http://127.0.0.1:8080).")
    private String url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "A file with the agent's http.token (default: LANDBRIDGE_HTTP_TOKEN, else"
                            + " none).")
    private Path tokenFile;

    @Option(
            names = "--ca-cert",
            paramLabel = "FILE",
            description =
                    "PEM certificates to trust an https:// agent by (default: LANDBRIDGE_CA_CERT,"
                            + " else whom Java trusts).")
    private Path caCert;

    @Option(names = "--wait", description = "Wait until it is done.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "Longest time to wait, such as 90s (default: 1h).")
    private String timeout;

    boolean isWaiting() {
        return wait;
    }

    Duration timeout() {
        try {
            return Units.duration(timeout);
        } catch (IllegalArgumentException e) {
            throw Fault.of(FaultCode.USAGE, "--timeout: " + e.getMessage(), e);
        }
    }

    AgentClient client(Map<String, String> environment) {
        String address =
                url != null
                        ? url
                        : environment.getOrDefault("LANDBRIDGE_URL", "http://127.0.0.1:8080");
        return new AgentClient(
                address(address), token(environment), caCert(environment).map(AgentTrust::only));
    }

    private Optional<Path> caCert(Map<String, String> environment) {
        return Optional.ofNullable(caCert)
                .or(() -> Optional.ofNullable(environment.get("LANDBRIDGE_CA_CERT")).map(Path::of));
    }

    private static URI address(String text) {
        try {
            URI uri = URI.create(text.endsWith("/") ? text : text + "/");
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw wrongAddress(e);
        }
        throw wrongAddress(null);
    }

    private static Fault wrongAddress(Throwable cause) {
        return Fault.of(FaultCode.USAGE, "the agent's address is not a URL", cause)
                .hint("give --url http://HOST:PORT");
    }

    private Secret token(Map<String, String> environment) {
        if (tokenFile == null) {
            return new Secret(environment.getOrDefault("LANDBRIDGE_HTTP_TOKEN", ""));
        }
        try {
            return new Secret(Files.readString(tokenFile).strip());
        } catch (IOException e) {
            throw Fault.of(FaultCode.USAGE, "can't read the token file " + tokenFile, e);
        }
    }
}
