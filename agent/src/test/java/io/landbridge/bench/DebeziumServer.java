package io.landbridge.bench;

import io.landbridge.testkit.Await;
import io.landbridge.testkit.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Debezium Server with its JDBC sink, from an unpacked {@code debezium-server-dist}: stock values,
 * set up as its documentation does, for speed where it offers a choice. Its slot stands from here
 * on, it reads from {@link #start} on.
 */
final class DebeziumServer implements Contender {

    private final Path home;
    private final String java;
    private final TestDatabase source;
    private final Path directory;
    private Process process;

    /**
     * @param home where it was unpacked
     * @param java a java command of version 21 at least
     */
    DebeziumServer(Path home, String java, TestDatabase source, TestDatabase target)
            throws IOException {
        this.home = home;
        this.java = java;
        this.source = source;
        this.directory = Scratch.directory();
        source.execute("CREATE PUBLICATION debezium FOR ALL TABLES");
        source.value("SELECT lsn FROM pg_create_logical_replication_slot('debezium', 'pgoutput')");
        Files.createDirectories(directory.resolve("config"));
        Files.writeString(
                directory.resolve("config/application.properties"),
                """
                debezium.sink.type=jdbc
                debezium.sink.jdbc.connection.url=%s
                debezium.sink.jdbc.connection.username=%s
                debezium.sink.jdbc.connection.password=%s
                debezium.sink.jdbc.insert.mode=upsert
                debezium.sink.jdbc.delete.enabled=true
                debezium.sink.jdbc.primary.key.mode=record_key
                debezium.sink.jdbc.schema.evolution=none
                debezium.sink.jdbc.collection.name.format=$${source.table}
                debezium.sink.jdbc.use.reduction.buffer=true
                debezium.sink.jdbc.batch.size=2000
                debezium.source.connector.class=io.debezium.connector.postgresql.PostgresConnector
                debezium.source.offset.storage=org.apache.kafka.connect.storage.MemoryOffsetBackingStore
                debezium.source.offset.flush.interval.ms=0
                debezium.source.database.hostname=127.0.0.1
                debezium.source.database.port=%d
                debezium.source.database.user=%s
                debezium.source.database.password=%s
                debezium.source.database.dbname=%s
                debezium.source.topic.prefix=peer
                debezium.source.plugin.name=pgoutput
                debezium.source.slot.name=debezium
                debezium.source.publication.name=debezium
                debezium.source.publication.autocreate.mode=disabled
                debezium.source.snapshot.mode=no_data
                debezium.source.max.batch.size=8192
                debezium.source.max.queue.size=32768
                debezium.source.poll.interval.ms=10
                debezium.format.key=connect
                debezium.format.value=connect
                quarkus.log.level=WARN
                quarkus.http.port=0
                """
                        .formatted(
                                target.server().url(target.name()),
                                target.server().user(),
                                escaped(target.server().password()),
                                source.server().port(),
                                source.server().user(),
                                escaped(source.server().password()),
                                source.name()));
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("$", "\\$");
    }

    @Override
    public void start() {
        ProcessBuilder builder =
                new ProcessBuilder(
                                List.of(
                                        java,
                                        "-Xmx512m",
                                        "-cp",
                                        home
                                                + "/debezium-server-dist-3.6.1.Final-runner.jar:"
                                                + directory.resolve("config")
                                                + ":"
                                                + home
                                                + "/lib/*",
                                        "io.debezium.server.Main"))
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("log").toFile());
        try {
            process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public double cpuSeconds() {
        return process == null
                ? 0
                : process.info().totalCpuDuration().map(used -> used.toMillis() / 1e3).orElse(0.0);
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
        Await.until(
                "the slot is free",
                Duration.ofMinutes(1),
                () ->
                        source.number(
                                        "SELECT count(*) FROM pg_replication_slots WHERE slot_name ="
                                                + " 'debezium' AND active")
                                == 0);
        source.value("SELECT pg_drop_replication_slot('debezium')::text");
    }
}
