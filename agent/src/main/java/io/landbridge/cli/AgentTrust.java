package io.landbridge.cli;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Whose certificates are believed of an agent that serves over TLS. */
final class AgentTrust {

    private AgentTrust() {}

    /**
     * Only what {@code file} names, authorities or the agent's own certificate, as PEM.
     *
     * @throws Fault USAGE when it holds none
     */
    static SSLContext only(Path file) {
        try (var in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate trusted :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + store.size(), trusted);
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw Fault.of(FaultCode.USAGE, "no certificates can be read from " + file, e)
                    .hint("give a PEM file to --ca-cert");
        }
    }
}
