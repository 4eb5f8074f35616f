package io.landbridge.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Section {@code http}.
 *
 * @param bind address to listen on
 * @param port 0 takes any free one; -1 serves nothing
 * @param token what a request that changes something must bring as {@code Authorization: Bearer};
 *     when empty, such requests are taken on a loopback address only
 * @param readyMaxLag most lag at which {@code /health/ready} says yes
 * @param tls what the agent shows as its identity; empty: plain HTTP
 */
public record HttpConfig(
        String bind, int port, Secret token, Duration readyMaxLag, Optional<Tls> tls) {

    /**
     * A certificate of our own.
     *
     * @param cert PEM, our own certificate first, then those between it and an authority
     * @param key PEM, PKCS-8, not encrypted
     */
    public record Tls(Path cert, Path key) {}
}
