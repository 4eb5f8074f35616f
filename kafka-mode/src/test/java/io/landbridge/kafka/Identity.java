package io.landbridge.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A key and its certificate for 127.0.0.1, signed by itself: with it the tests' servers and clients
 * show each other who they are. Made by the JDK's {@code keytool}; goes with the JVM.
 */
final class Identity {

    static final String PASSWORD = "bridge-toll";
    private static final String ALIAS = "landbridge";

    private static Identity shared;

    private final Path directory = Files.createTempDirectory("landbridge-identity-");

    private Identity() throws IOException, GeneralSecurityException, InterruptedException {
        int status =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-alias",
                                ALIAS,
                                "-dname",
                                "CN=" + ALIAS,
                                "-ext",
                                "san=ip:127.0.0.1",
                                "-keystore",
                                store().toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("keytool.log").toFile())
                        .start()
                        .waitFor();
        if (status != 0) {
            throw new IllegalStateException("keytool: " + status);
        }
        KeyStore keys = KeyStore.getInstance(store().toFile(), PASSWORD.toCharArray());
        Files.writeString(
                certificate(),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(keys.getCertificate(ALIAS).getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    static synchronized Identity shared() {
        if (shared == null) {
            try {
                shared = new Identity();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return shared;
    }

    /** PKCS-12, with {@link #PASSWORD}. */
    Path store() {
        return directory.resolve("identity.p12");
    }

    /** PEM: what others believe. */
    Path certificate() {
        return directory.resolve("certificate.pem");
    }
}
