package io.landbridge.capture.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.capture.CaptureStatus;
import io.landbridge.capture.EngineHost;
import io.landbridge.capture.MemoryBuffer;
import io.landbridge.change.SourceEvent;
import io.landbridge.config.TablesConfig;
import io.landbridge.config.TransportConfig.Acknowledge;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.offsets.BinlogPosition;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.mysql.Form;
import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlCatalogue;
import io.landbridge.schema.mysql.MysqlColumn;
import io.landbridge.schema.mysql.MysqlTable;
import io.landbridge.source.MysqlLog;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.MysqlTestDatabase;
import java.time.Duration;
import java.util.List;

/** A MySQL database, all tables of it captured into a memory buffer. */
final class BinlogFixture implements AutoCloseable {

    static final Duration SOON = Duration.ofSeconds(60);

    final MysqlTestDatabase database;
    final MysqlDatabase source;
    final MysqlLog log;
    final List<MappedTable> tables;
    final BinlogPosition start;
    final MemoryBuffer buffer = new MemoryBuffer();
    MysqlCapture capture;
    private int markers;

    BinlogFixture(MysqlTestDatabase database, String... ddl) {
        this.database = database;
        database.execute(ddl);
        this.source = database.open(Side.SOURCE);
        this.tables =
                MysqlCatalogue.read(
                                source,
                                new TablesConfig(List.of(database.name() + ".*"), List.of()))
                        .stream()
                        .map(BinlogFixture::mapped)
                        .toList();
        this.log = new MysqlLog(source, database.name());
        this.start = log.open();
    }

    private static MappedTable mapped(MysqlTable table) {
        return new MappedTable(
                table, table.id(), table.columns().stream().map(BinlogFixture::mapped).toList());
    }

    private static MappedColumn mapped(MysqlColumn column) {
        Form form =
                switch (column.dataType()) {
                    case "tinyint" ->
                            column.columnType().equals("tinyint(1)") ? Form.BOOLEAN : Form.INTEGER;
                    case "smallint", "mediumint", "int", "year" -> Form.INTEGER;
                    case "bigint" -> column.unsigned() ? Form.NUMERIC : Form.INTEGER;
                    case "decimal" -> Form.NUMERIC;
                    case "float", "double" -> Form.DOUBLE;
                    case "bit" -> Form.BITS;
                    case "date" -> Form.DATE;
                    case "datetime" -> Form.DATETIME;
                    case "timestamp" -> Form.INSTANT;
                    case "time" -> Form.TIME;
                    case "enum" -> Form.LABEL;
                    case "set" -> Form.LABELS;
                    case "json" -> Form.JSON;
                    case "uuid" -> Form.UUID;
                    default -> column.isBinary() ? Form.BYTES : Form.TEXT;
                };
        boolean dates = column.isDate() && column.nullable();
        return new MappedColumn(column, column.name(), "text", form, true, false, false, dates);
    }

    MysqlCapture start() {
        return start(start);
    }

    /** A new capture into the same buffer: what a new process does. */
    MysqlCapture start(SourcePosition applied) {
        capture =
                new MysqlCapture(
                        source,
                        log,
                        EngineHost.HERE,
                        tables,
                        TableGrowth.NONE,
                        OldRows.WHERE_NEEDED,
                        buffer,
                        Acknowledge.BUFFERED,
                        applied);
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
                    assertThat(status.state())
                            .as(status.toString())
                            .isNotEqualTo(CaptureStatus.State.FAILED);
                    return buffer.events().contains(new SourceEvent.Marker("landbridge", marker));
                });
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
