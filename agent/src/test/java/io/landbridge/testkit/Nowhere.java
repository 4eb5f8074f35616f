package io.landbridge.testkit;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.DatabaseConfig.Kind;
import io.landbridge.config.Secret;
import java.util.Map;

/** Addresses at which nobody answers. */
public final class Nowhere {

    /** A name that never resolves (RFC 6761). */
    public static final DatabaseConfig NO_HOST = at("db.invalid", 5432);

    /** A port of this machine that nobody may listen on without being root. */
    public static final DatabaseConfig NO_SERVER = at("127.0.0.1", 1);

    private Nowhere() {}

    private static DatabaseConfig at(String host, int port) {
        return new DatabaseConfig(
                Kind.POSTGRESQL, host, port, "shop", "app", new Secret("s3cret"), Map.of(), 2);
    }
}
