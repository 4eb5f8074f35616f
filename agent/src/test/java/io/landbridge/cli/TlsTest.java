package io.landbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.ScriptedMigrations;
import io.landbridge.config.HttpConfig;
import io.landbridge.config.Secret;
import io.landbridge.fault.Fault;
import io.landbridge.observe.AgentServer;
import io.landbridge.observe.RecordedControl;
import io.landbridge.observe.Statuses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent over HTTPS, and commands that talk to it. */
class TlsTest {

    @TempDir Path dir;

    private final RecordedControl control = new RecordedControl(Statuses.in("CDC").build());
    private final Cli cli =
            new Cli(new ScriptedMigrations(control)).with("LANDBRIDGE_HTTP_TOKEN", "s3cret");

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void commandsTrustOnlyWhomTheyAreTold(String kind) throws Exception {
        HttpConfig.Tls files = certificate(kind);
        try (AgentServer server = serve(files)) {
            String url = server.url().toString();
            assertThat(url).startsWith("https://127.0.0.1:");
            Cli.Result told = cli.run("pause", "--url", url, "--ca-cert", files.cert().toString());
            assertThat(told.status()).as(told.err()).isZero();
            assertThat(control.asked()).containsExactly("pause");
            Cli.Result untold = cli.run("pause", "--url", url);
            assertThat(untold.status()).isEqualTo(2);
            assertThat(untold.err()).contains("no agent answers at " + url);
            assertThat(control.asked()).containsExactly("pause");
        }
    }

    @Test
    void keyThatIsNoneIsAConfigurationFault() throws Exception {
        HttpConfig.Tls files = certificate("EC");
        HttpConfig.Tls swapped = new HttpConfig.Tls(files.key(), files.cert());
        assertThatThrownBy(() -> serve(swapped))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("http.tls")
                .hasMessageContaining("no unencrypted PKCS-8 key");
    }

    private AgentServer serve(HttpConfig.Tls files) {
        return AgentServer.start(
                new HttpConfig(
                        "127.0.0.1",
                        0,
                        new Secret("s3cret"),
                        Duration.ofMinutes(1),
                        Optional.of(files)),
                control,
                dir);
    }

    private HttpConfig.Tls certificate(String kind) throws Exception {
        Path store = dir.resolve(kind + ".p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                kind,
                                "-alias",
                                "agent",
                                "-dname",
                                "CN=agent",
                                "-ext",
                                "san=ip:127.0.0.1",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                "secret")
                        .inheritIO()
                        .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
        Key key = keys.getKey("agent", "secret".toCharArray());
        Certificate certificate = keys.getCertificate("agent");
        return new HttpConfig.Tls(
                pem(kind + ".crt", "CERTIFICATE", certificate.getEncoded()),
                pem(kind + ".key", "PRIVATE KEY", key.getEncoded()));
    }

    private Path pem(String name, String what, byte[] content) throws IOException {
        return Files.writeString(
                dir.resolve(name),
                "-----BEGIN "
                        + what
                        + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                        + "\n-----END "
                        + what
                        + "-----\n");
    }
}
