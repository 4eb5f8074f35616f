package io.landbridge.bench;

import io.landbridge.buffer.BufferStatus;
import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.buffer.EventReader;
import io.landbridge.capture.EngineHost;
import io.landbridge.capture.PostgresCapture;
import io.landbridge.change.Change;
import io.landbridge.change.SourceEvent;
import io.landbridge.config.TablesConfig;
import io.landbridge.config.TransportConfig.Acknowledge;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.PostgresCatalogue;
import io.landbridge.source.PostgresLog;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.TestDatabase;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * Rows a second of the capture alone, against a bare {@link PGReplicationStream} that reads the
 * same slot and throws everything away: the speed of the server and the driver. Each shape is a
 * backlog, written before either starts. Arguments: rows (default 600000), rounds (default 2).
 */
public final class CaptureBench {

    private record Shape(String name, String write, int divisor) {}

    private static final List<Shape> SHAPES =
            List.of(
                    new Shape(
                            "inserts, 1000 a transaction",
                            "DO $$ BEGIN FOR i IN 1..%d LOOP INSERT INTO account (bid, balance,"
                                    + " filler) SELECT g, 0, repeat('x', 84) FROM"
                                    + " generate_series(1, 1000) g; COMMIT; END LOOP; END $$",
                            1000),
                    new Shape(
                            "one big update",
                            "UPDATE account SET balance = balance + 1 WHERE id <= %d",
                            1),
                    new Shape(
                            "updates, 1 a transaction",
                            "DO $$ BEGIN FOR i IN 1..%d LOOP UPDATE account SET balance = i WHERE"
                                    + " id = i; COMMIT; END LOOP; END $$",
                            4));

    private final TestDatabase database;
    private final Database source;

    private CaptureBench(TestDatabase database, Database source) {
        this.database = database;
        this.source = source;
    }

    public static void main(String[] arguments) throws Exception {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 600_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2;
        try (PostgresServer server = PostgresServer.start(14, Map.of("max_wal_size", "8GB"))) {
            TestDatabase database = server.freshDatabase();
            database.execute(
                    "CREATE TABLE account (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                            + " bid int, balance int, filler char(84))");
            try (Database source = database.open(Side.SOURCE)) {
                CaptureBench bench = new CaptureBench(database, source);
                for (int round = 1; round <= rounds; round++) {
                    for (Shape shape : SHAPES) {
                        bench.run(shape, rows / shape.divisor());
                    }
                }
            }
        }
    }

    private void run(Shape shape, int times) throws Exception {
        PostgresLog bareLog = new PostgresLog(source, "bare");
        PostgresLog log = new PostgresLog(source, "bench");
        var tables =
                PostgresCatalogue.read(source, new TablesConfig(List.of("public.*"), List.of()));
        for (PostgresLog each : List.of(bareLog, log)) {
            each.createPublication(tables);
            each.createSlot();
        }
        database.execute(String.format(shape.write(), times));
        Lsn end = log.currentPosition();
        double bare = bare(bareLog, end);
        double capture = capture(log, tables, end);
        System.out.printf("%-30s capture / bare stream = %.2f%n", shape.name(), capture / bare);
        bareLog.drop();
        log.drop();
    }

    private static double cpuSeconds() {
        return ((com.sun.management.OperatingSystemMXBean)
                                ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                / 1e9;
    }

    private static double report(String who, long rows, long from, double cpu) {
        double seconds = (System.nanoTime() - from) / 1e9;
        System.out.printf(
                "    %-12s %,9d rows in %6.2f s: %,8.0f rows/s, %5.1f us CPU a row%n",
                who, rows, seconds, rows / seconds, (cpuSeconds() - cpu) * 1e6 / rows);
        return rows / seconds;
    }

    private double bare(PostgresLog log, Lsn end) throws Exception {
        log.emitMarker("end");
        Properties properties = source.properties("bare");
        properties.setProperty("replication", "database");
        properties.setProperty("assumeMinServerVersion", "12");
        properties.setProperty("preferQueryMode", "simple");
        try (Connection connection =
                java.sql.DriverManager.getConnection(source.url(), properties)) {
            PGReplicationStream stream =
                    connection
                            .unwrap(PGConnection.class)
                            .getReplicationAPI()
                            .replicationStream()
                            .logical()
                            .withSlotName(log.name())
                            .withStartPosition(LogSequenceNumber.INVALID_LSN)
                            .withSlotOption("proto_version", 1)
                            .withSlotOption("publication_names", log.name())
                            .start();
            long rows = 0;
            long from = 0;
            double cpu = 0;
            while (true) {
                ByteBuffer message = stream.read();
                byte kind = message.get(message.position());
                if (rows == 0) {
                    from = System.nanoTime();
                    cpu = cpuSeconds();
                }
                if (kind == 'I' || kind == 'U' || kind == 'D') {
                    rows++;
                } else if (kind == 'C' && message.getLong(message.position() + 10) > end.value()) {
                    break;
                }
            }
            double rate = report("bare stream", rows, from, cpu);
            stream.close();
            return rate;
        }
    }

    private double capture(PostgresLog log, List<io.landbridge.schema.Table> tables, Lsn end) {
        Counting buffer = new Counting(end);
        try (PostgresCapture capture =
                new PostgresCapture(
                        source,
                        log,
                        EngineHost.HERE,
                        tables,
                        buffer,
                        Acknowledge.BUFFERED,
                        log.slot().orElseThrow().confirmed())) {
            capture.start();
            Await.until("everything came", Duration.ofMinutes(10), () -> buffer.rate > 0);
            return buffer.rate;
        }
    }

    /** Counts changes until the transaction behind {@code end}, and keeps nothing. */
    private static final class Counting implements ChangeBuffer {
        private final Lsn end;
        private final AtomicLong changes = new AtomicLong();
        private SourcePosition last;
        private long from;
        private double cpu;
        private volatile double rate;

        Counting(Lsn end) {
            this.end = end;
        }

        @Override
        public void append(SourceEvent event) {
            if (event instanceof Change) {
                if (changes.getAndIncrement() == 0) {
                    from = System.nanoTime();
                    cpu = cpuSeconds();
                }
            } else if (event instanceof SourceEvent.Commit commit) {
                last = commit.position();
                if (commit.position().isAfter(end) && rate == 0) {
                    rate = report("capture", changes.get(), from, cpu);
                }
            }
        }

        @Override
        public void flush() {}

        @Override
        public Optional<SourcePosition> force() {
            return Optional.ofNullable(last);
        }

        @Override
        public Optional<SourcePosition> last() {
            return Optional.empty();
        }

        @Override
        public EventReader readAfter(SourcePosition applied) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void trimTo(SourcePosition applied) {}

        @Override
        public BufferStatus status() {
            return new BufferStatus(changes.get(), 0, Long.MAX_VALUE, false);
        }

        @Override
        public void close() {}
    }
}
