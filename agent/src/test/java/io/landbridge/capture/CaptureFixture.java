package io.landbridge.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.SourceEvent;
import io.landbridge.config.TablesConfig;
import io.landbridge.config.TransportConfig.Acknowledge;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.offsets.Lsn;
import io.landbridge.schema.PostgresCatalogue;
import io.landbridge.schema.Table;
import io.landbridge.source.PostgresLog;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;

/** A source database with publication and slot, and captures of it into a memory buffer. */
final class CaptureFixture implements AutoCloseable {

    static final Duration SOON = Duration.ofSeconds(60);

    final TestDatabase database;
    final Database source;
    final PostgresLog log;
    final List<Table> tables;
    final Lsn start;
    MemoryBuffer buffer = new MemoryBuffer();
    PostgresCapture capture;
    private int markers;

    /**
     * @param ddl makes the tables in schema public, all of which are captured
     */
    CaptureFixture(TestDatabase database, String... ddl) {
        this(database, List.of("public.*"), ddl);
    }

    CaptureFixture(TestDatabase database, List<String> include, String... ddl) {
        this.database = database;
        database.execute(ddl);
        this.source = database.open(Side.SOURCE);
        this.tables = PostgresCatalogue.read(source, new TablesConfig(include, List.of()));
        this.log = new PostgresLog(source, database.name());
        log.createPublication(tables);
        this.start = log.createSlot();
    }

    PostgresCapture start() {
        return start(Acknowledge.BUFFERED, start);
    }

    /** A new capture into the same buffer: what a new process does. */
    PostgresCapture start(Acknowledge policy, Lsn applied) {
        capture =
                new PostgresCapture(source, log, EngineHost.HERE, tables, buffer, policy, applied);
        capture.start();
        return capture;
    }

    /** Waits until everything committed so far is in the buffer. */
    void drain() {
        String marker = "drained " + ++markers;
        log.emitMarker(marker);
        Await.until(
                "marker came through",
                SOON,
                () -> {
                    CaptureStatus status = capture.status();
                    assertThat(status.state()).isNotEqualTo(CaptureStatus.State.FAILED);
                    return buffer.events().contains(new SourceEvent.Marker("landbridge", marker));
                });
    }

    Lsn confirmed() {
        return log.slot().orElseThrow().confirmed();
    }

    @Override
    public void close() {
        if (capture != null) {
            capture.close();
        }
        log.drop();
        source.close();
    }
}
