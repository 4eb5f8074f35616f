package io.landbridge.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Section {@code cutover.traffic}: who moves the clients.
 *
 * @param command the program of {@link Driver#COMMAND}; empty elsewhere
 * @param probe the clients' way to the database, to measure what they feel
 */
public record TrafficConfig(
        Driver driver,
        PgBouncer pgbouncer,
        String command,
        Webhook webhook,
        Optional<DatabaseConfig> probe) {

    /** Who moves the clients. */
    public enum Driver {
        /** Nobody: the fence refuses writes, and people point the clients over. */
        NONE,
        PGBOUNCER,
        COMMAND,
        WEBHOOK
    }

    /**
     * Section {@code cutover.traffic.pgbouncer}.
     *
     * @param admin its admin console; empty unless it is the driver
     * @param file its ini or {@code %include} file, as this agent reaches it
     * @param database what clients call the database
     * @param host where PgBouncer finds the target; empty: as target.url says
     * @param port 0: as target.url says
     * @param disconnect whether clients that hold their sessions are disconnected, which session
     *     pooling needs
     */
    public record PgBouncer(
            Optional<DatabaseConfig> admin,
            Path file,
            String database,
            String host,
            int port,
            boolean disconnect) {}

    /**
     * Section {@code cutover.traffic.webhook}.
     *
     * @param url empty unless it is the driver
     * @param secret signs the requests
     * @param timeout for one answer
     */
    public record Webhook(String url, Secret secret, Duration timeout) {}
}
