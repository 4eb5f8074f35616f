package io.landbridge.observe;

import io.landbridge.config.HttpConfig;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;

/**
 * Decides who may change something. With a token: whoever brings it. Without one: only over a
 * loopback address, and never a browser that another site sends: a form can't set the content type
 * to JSON nor add a header without asking first (we never answer that question), and a name that
 * another site made resolve to our address isn't a loopback name.
 */
final class Guard {

    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "[::1]");
    private static final String BEARER = "Bearer ";

    private final byte[] token;
    private final boolean loopback;

    Guard(HttpConfig config, InetAddress bound) {
        this.token = config.token().reveal().getBytes(StandardCharsets.UTF_8);
        this.loopback = bound.isLoopbackAddress();
    }

    /** Why this request may change nothing; empty when it may. */
    Optional<Reply> refuse(Request request) {
        if (token.length > 0) {
            return carriesToken(request)
                    ? Optional.empty()
                    : Optional.of(
                            Reply.refusal(
                                            401,
                                            "this request needs the agent's token",
                                            "send 'Authorization: Bearer TOKEN' with the value of"
                                                    + " http.token")
                                    .with("WWW-Authenticate", "Bearer"));
        }
        if (!loopback) {
            return forbid(
                    "without http.token nothing can be changed over a network",
                    "set http.token, or bind to 127.0.0.1");
        }
        if (!isLoopbackName(request.header("Host"))) {
            return forbid(
                    "the Host header names another machine",
                    "use http://127.0.0.1 or localhost, or set http.token");
        }
        boolean json = request.header("Content-Type").startsWith(Reply.JSON);
        if (!json && request.header("X-Landbridge").isEmpty()) {
            return Optional.of(
                    Reply.refusal(
                            415,
                            "a request that changes something must say that it is meant",
                            "send 'Content-Type: application/json' or 'X-Landbridge: 1'"));
        }
        return Optional.empty();
    }

    private boolean carriesToken(Request request) {
        String given = request.header("Authorization");
        return given.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && MessageDigest.isEqual(
                        token,
                        given.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<Reply> forbid(String why, String hint) {
        return Optional.of(Reply.refusal(403, why, hint));
    }

    private static boolean isLoopbackName(String host) {
        String name = host.replaceFirst(":\\d+$", "");
        return LOOPBACK_NAMES.contains(name) || name.matches("127\\.\\d+\\.\\d+\\.\\d+");
    }
}
