package io.landbridge.capture;

import io.debezium.connector.postgresql.PostgresConnector;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.WatchedSockets;
import io.landbridge.source.PostgresLog;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * What Debezium's engine is told, and why. {@code agent/docs/capture.md} explains each for
 * operators.
 */
final class EngineProperties {

    /** How long the reading thread sleeps when the source has sent nothing. */
    private static final int POLL_MILLIS = 2;

    /**
     * How often the source hears that we live, and a lost connection is looked for: a stream that
     * the server has ended looks like an idle one to the driver (its {@code hasMessagePending} is
     * false at the end), so only Debezium's probe, in this interval, finds out.
     */
    private static final int STATUS_MILLIS = 1_000;

    private EngineProperties() {}

    /**
     * @param senderTimeoutMillis the source's {@code wal_sender_timeout}; 0 when it has none
     */
    static Map<String, String> of(Database source, PostgresLog log, int senderTimeoutMillis) {
        Properties all = new Properties();
        all.setProperty("name", log.name());
        all.setProperty("topic.prefix", log.name());
        all.setProperty("connector.class", PostgresConnector.class.getName());
        connection(all, source);
        slot(all, log, senderTimeoutMillis);
        records(all);
        failures(all);
        return all.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, all::getProperty));
    }

    private static void connection(Properties all, Database source) {
        DatabaseConfig config = source.config();
        all.setProperty("database.hostname", config.host());
        all.setProperty("database.port", String.valueOf(config.port()));
        all.setProperty("database.dbname", config.database());
        all.setProperty("database.user", config.user());
        all.setProperty("database.password", config.password().reveal());
        // Above all "options": the session's settings decide how values are printed.
        Properties driver = source.properties("capture");
        driver.putIfAbsent("socketFactory", WatchedSockets.class.getName());
        driver.putIfAbsent("socketFactoryArg", "capture");
        for (String name : driver.stringPropertyNames()) {
            if (!name.equals("user") && !name.equals("password")) {
                all.setProperty("driver." + name, driver.getProperty(name));
            }
        }
    }

    private static void slot(Properties all, PostgresLog log, int senderTimeoutMillis) {
        all.setProperty("plugin.name", "pgoutput");
        all.setProperty("slot.name", log.name());
        all.setProperty("publication.name", log.name());
        all.setProperty("publication.autocreate.mode", "disabled");
        all.setProperty("slot.drop.on.stop", "false");
        all.setProperty("snapshot.mode", "no_data");
        // With no slot Debezium makes a new one, wherever the log is by then: a silent gap. The
        // driver refuses this timeout, so that the attempt fails before it reaches the server.
        all.setProperty("internal.create.slot.command.timeout", "-1");
        // The slot moves only to what we mark as processed, not to what was merely received.
        all.setProperty("lsn.flush.mode", "connector");
        all.setProperty("offset.storage", NoOffsets.class.getName());
        all.setProperty("offset.flush.interval.ms", "0");
        all.setProperty("offset.flush.timeout.ms", "1000");
        // Also while nothing is read, because the buffer is full: a thread of its own sends it.
        int status =
                senderTimeoutMillis == 0
                        ? STATUS_MILLIS
                        : Math.min(STATUS_MILLIS, Math.max(100, senderTimeoutMillis / 4));
        all.setProperty("status.update.interval.ms", String.valueOf(status));
    }

    private static void records(Properties all) {
        // Rows don't pass through Debezium, so it needs to know no table.
        all.setProperty("table.include.list", "landbridge_knows_the_tables_itself\\.none");
        all.setProperty("skipped.operations", "none");
        all.setProperty("provide.transaction.metadata", "false");
        all.setProperty("tombstones.on.delete", "false");
        // Nothing but acknowledgements goes through the queue.
        all.setProperty("queue.provider.type", DozingQueue.NAME);
        all.setProperty("max.queue.size", "64");
        all.setProperty("max.batch.size", "1");
        all.setProperty("poll.interval.ms", String.valueOf(POLL_MILLIS));
        all.setProperty("record.processing.threads", "1");
    }

    private static void failures(Properties all) {
        // Every restart is ours: the slot is checked before each.
        all.setProperty("errors.max.retries", "0");
        all.setProperty("slot.max.retries", "0");
        all.setProperty("executor.shutdown.timeout.ms", "300");
        all.setProperty("record.processing.shutdown.timeout.ms", "300");
        all.setProperty("task.management.timeout.ms", "60000");
    }
}
