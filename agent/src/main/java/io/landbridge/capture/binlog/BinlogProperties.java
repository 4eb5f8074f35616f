package io.landbridge.capture.binlog;

import io.debezium.connector.mysql.MySqlConnector;
import io.landbridge.capture.DozingQueue;
import io.landbridge.capture.NoOffsets;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.jdbc.WatchedMysqlSockets;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** What Debezium's engine is told for a MySQL source, and why. */
final class BinlogProperties {

    /** How often the source says that it lives while it has nothing to send; the client's unit. */
    private static final int SERVER_HEARTBEAT_MILLIS = 1_000;

    private static final Map<String, String> SSL_MODES =
            Map.of(
                    "disable", "disabled",
                    "disabled", "disabled",
                    "allow", "preferred",
                    "prefer", "preferred",
                    "preferred", "preferred",
                    "require", "required",
                    "required", "required",
                    "verify-ca", "verify_ca",
                    "verify_ca", "verify_ca",
                    "verify-full", "verify_identity");

    private BinlogProperties() {}

    /**
     * @param name of the session, and of everything that it makes
     * @param serverId a number that no other server or replica of the source has
     */
    static Map<String, String> of(DatabaseConfig source, String name, long serverId) {
        Properties all = new Properties();
        all.setProperty("name", name);
        all.setProperty("topic.prefix", name);
        all.setProperty("connector.class", MySqlConnector.class.getName());
        all.setProperty("database.hostname", source.host());
        all.setProperty("database.port", String.valueOf(source.port()));
        all.setProperty("database.user", source.user());
        all.setProperty("database.password", source.password().reveal());
        all.setProperty("database.server.id", String.valueOf(serverId));
        all.setProperty("database.ssl.mode", sslMode(source));
        all.setProperty("driver.allowPublicKeyRetrieval", "true");
        all.setProperty("driver.socketFactory", WatchedMysqlSockets.class.getName());
        records(all);
        failures(all);
        return all.stringPropertyNames().stream()
                .collect(Collectors.toMap(key -> key, all::getProperty));
    }

    /** Of {@code disabled}, {@code preferred}, {@code required} and its like. */
    static String sslMode(DatabaseConfig source) {
        String given =
                source.parameters()
                        .getOrDefault(
                                "sslmode", source.parameters().getOrDefault("sslMode", "prefer"));
        return SSL_MODES.getOrDefault(given.toLowerCase(Locale.ROOT), "verify_identity");
    }

    private static void records(Properties all) {
        // Rows don't pass through Debezium, so it needs to know no table, and nothing of the past.
        all.setProperty("database.include.list", "landbridge_knows_the_tables_itself");
        all.setProperty("snapshot.mode", "configuration_based");
        all.setProperty("snapshot.mode.configuration.based.snapshot.data", "false");
        all.setProperty("snapshot.mode.configuration.based.snapshot.schema", "false");
        all.setProperty("snapshot.mode.configuration.based.start.stream", "true");
        all.setProperty(
                "schema.history.internal", "io.debezium.relational.history.MemorySchemaHistory");
        all.setProperty("include.schema.changes", "false");
        all.setProperty("provide.transaction.metadata", "false");
        all.setProperty("offset.storage", NoOffsets.class.getName());
        all.setProperty("offset.flush.interval.ms", "60000");
        all.setProperty("queue.provider.type", DozingQueue.NAME);
        all.setProperty("max.queue.size", "64");
        all.setProperty("max.batch.size", "1");
        all.setProperty("poll.interval.ms", "500");
        all.setProperty("record.processing.threads", "1");
    }

    private static void failures(Properties all) {
        // The client would connect again by itself, from a place inside a transaction.
        all.setProperty("connect.keep.alive", "false");
        all.setProperty(
                "connect.keep.alive.interval.ms", String.valueOf(SERVER_HEARTBEAT_MILLIS * 5 / 4));
        all.setProperty("connect.timeout.ms", "10000");
        // Every restart is ours: the place is checked before each.
        all.setProperty("errors.max.retries", "0");
        all.setProperty("executor.shutdown.timeout.ms", "300");
        all.setProperty("record.processing.shutdown.timeout.ms", "300");
        all.setProperty("task.management.timeout.ms", "60000");
    }
}
