package io.landbridge.observe;

import io.landbridge.config.HttpConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The HTTP port's own certificate and key, read from PEM files when the agent starts. */
final class ServerCertificate {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");
    private static final List<String> KINDS = List.of("EC", "RSA", "EdDSA");
    private static final char[] IN_MEMORY = new char[0];

    private ServerCertificate() {}

    /**
     * What connections are opened with: TLS 1.2 or newer, as the JDK allows.
     *
     * @throws Fault CONFIG_INVALID when a file can't be read, or they don't belong together
     */
    static SSLContext context(HttpConfig.Tls files) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("http", key(files.key()), IN_MEMORY, chain(files.cert()));
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, IN_MEMORY);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(files.cert() + " and " + files.key(), "no certificate and its key", e);
        }
    }

    private static Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .toArray(Certificate[]::new);
        }
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        Matcher found = KEY.matcher(Files.readString(file));
        if (!found.find()) {
            throw unusable(file.toString(), "no unencrypted PKCS-8 key", null);
        }
        var encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(1)));
        for (String kind : KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // A key of another kind.
            }
        }
        throw unusable(file.toString(), "a key of no kind that is known here", null);
    }

    private static Fault unusable(String file, String what, Exception cause) {
        return Fault.of(FaultCode.CONFIG_INVALID, "http.tls: " + file + ": " + what, cause)
                .hint("PEM files; 'openssl pkcs8 -topk8 -nodes -in KEY' makes a key PKCS-8");
    }
}
