package io.landbridge.cli;

import io.landbridge.config.PemTrust;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/** Whose certificates are believed of an agent that serves over TLS. */
final class AgentTrust {

    private AgentTrust() {}

    /**
     * Only what {@code file} names, authorities or the agent's own certificate, as PEM.
     *
     * @throws Fault USAGE when it holds none
     */
    static SSLContext only(Path file) {
        try {
            return PemTrust.only(file);
        } catch (IOException | GeneralSecurityException e) {
            throw Fault.of(FaultCode.USAGE, "no certificates can be read from " + file, e)
                    .hint("give a PEM file to --ca-cert");
        }
    }
}
