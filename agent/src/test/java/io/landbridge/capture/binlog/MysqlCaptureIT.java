package io.landbridge.capture.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.capture.CaptureStatus.State;
import io.landbridge.change.Change;
import io.landbridge.change.SourceEvent;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.BinlogPosition;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Transactions of a real MySQL, in the buffer: each once, in their order, whatever breaks. */
class MysqlCaptureIT {

    private static final String ITEMS =
            "CREATE TABLE items (id int PRIMARY KEY, name varchar(20), twice int AS (id * 2) STORED,"
                    + " half double AS (id / 2) VIRTUAL)";

    private static String shown(Change change) {
        return change.operation()
                + " "
                + Stream.of(change.before(), change.after())
                        .map(image -> image == null ? "-" : image.text(0) + "," + image.text(1))
                        .toList();
    }

    @Test
    void rowsKeysAndTruncateArriveInOrder() {
        MysqlTestDatabase database = Servers.mysql().freshDatabase();
        try (BinlogFixture fixture = new BinlogFixture(database, ITEMS)) {
            fixture.start();
            database.execute(
                    "INSERT INTO items (id, name) VALUES (1, 'one'), (2, NULL)",
                    "UPDATE items SET name = 'two' WHERE id = 2",
                    "UPDATE items SET id = 3 WHERE id = 2",
                    "DELETE FROM items WHERE id = 1",
                    "START TRANSACTION",
                    "INSERT INTO items (id) VALUES (8)",
                    "ROLLBACK",
                    "TRUNCATE items");
            fixture.drain();
            assertThat(fixture.buffer.changes().stream().map(MysqlCaptureIT::shown))
                    .containsExactly(
                            "INSERT [-, 1,one]",
                            "INSERT [-, 2,null]",
                            "UPDATE [-, 2,two]",
                            "UPDATE [2,two, 3,two]",
                            "DELETE [1,one, -]",
                            "TRUNCATE [-, -]");
            Change first = fixture.buffer.changes().get(0);
            assertThat(first.layout().columns()).containsExactly("id", "name", "twice", "half");
            assertThat(first.after().text(2)).isEqualTo("2");
            assertThat(first.after().text(3)).isEqualTo("0.5");
            assertThat(first.layout().keyColumns()).containsExactly("id");
        }
    }

    @Test
    void aNewCaptureGoesOnBehindWhatIsApplied() {
        MysqlTestDatabase database = Servers.mysql().freshDatabase();
        try (BinlogFixture fixture = new BinlogFixture(database, ITEMS)) {
            fixture.start();
            database.execute("INSERT INTO items (id) VALUES (1)");
            fixture.drain();
            fixture.capture.close();
            database.execute(
                    "INSERT INTO items (id) VALUES (2)",
                    "FLUSH BINARY LOGS",
                    "INSERT INTO items (id) VALUES (3)");
            fixture.start(fixture.start);
            fixture.drain();
            assertThat(fixture.buffer.changes().stream().map(change -> change.after().text(0)))
                    .containsExactly("1", "2", "3");
            List<BinlogPosition> ends =
                    fixture.buffer.events().stream()
                            .filter(SourceEvent.Commit.class::isInstance)
                            .map(
                                    commit ->
                                            (BinlogPosition)
                                                    ((SourceEvent.Commit) commit).position())
                            .toList();
            assertThat(ends).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void aConnectionThatIsKilledLosesNothing() {
        MysqlTestDatabase database = Servers.mysql().freshDatabase();
        try (BinlogFixture fixture = new BinlogFixture(database, ITEMS)) {
            fixture.start();
            database.execute("INSERT INTO items (id) VALUES (1)");
            fixture.drain();
            String dump =
                    "SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog%'";
            for (String connection : database.rows(dump)) {
                database.execute("KILL " + connection);
            }
            database.execute("INSERT INTO items (id) VALUES (2)");
            Await.until(
                    "the stream is started again",
                    BinlogFixture.SOON,
                    () -> fixture.capture.status().restarts() > 0);
            fixture.drain();
            assertThat(fixture.buffer.changes().stream().map(change -> change.after().text(0)))
                    .containsExactly("1", "2");
        }
    }

    @Test
    void ddlEndsItsTableWithTheStatementShown() {
        MysqlTestDatabase database = Servers.mysql().freshDatabase();
        try (BinlogFixture fixture =
                new BinlogFixture(database, ITEMS, "CREATE TABLE other (id int PRIMARY KEY)")) {
            fixture.start();
            String alter = "ALTER TABLE items ADD COLUMN more int";
            database.execute(
                    "CREATE INDEX by_name ON items (name)",
                    "ALTER TABLE items COMMENT = 'harmless', ADD INDEX again (name, id)",
                    "INSERT INTO items (id) VALUES (1)",
                    alter,
                    "INSERT INTO items (id) VALUES (2)",
                    "INSERT INTO other VALUES (1)");
            fixture.drain();
            assertThat(fixture.buffer.changes().stream().map(change -> change.table().name()))
                    .containsExactly("items", "other");
            List<SourceEvent.TableEnd> ends =
                    fixture.buffer.events().stream()
                            .filter(SourceEvent.TableEnd.class::isInstance)
                            .map(SourceEvent.TableEnd.class::cast)
                            .toList();
            assertThat(ends).hasSize(1);
            assertThat(ends.get(0).table().name()).isEqualTo("items");
            assertThat(ends.get(0).code()).isEqualTo(FaultCode.SOURCE_DDL.name());
            assertThat(ends.get(0).reason()).contains(alter);
        }
    }

    @Test
    void whatTheLogHoldsAsStatementsOrCompressedIsSeen() {
        MysqlTestDatabase database = Servers.mysql().freshDatabase();
        try (BinlogFixture fixture =
                new BinlogFixture(database, ITEMS, "CREATE TABLE other (id int PRIMARY KEY)")) {
            fixture.start();
            database.execute(
                    "SET SESSION binlog_transaction_compression = ON",
                    "INSERT INTO items (id, name) VALUES (1, 'packed'), (2, 'too')",
                    "SET SESSION binlog_transaction_compression = OFF",
                    "SET SESSION binlog_format = STATEMENT",
                    "INSERT INTO other VALUES (1)");
            fixture.drain();
            assertThat(fixture.buffer.changes().stream().map(MysqlCaptureIT::shown))
                    .containsExactly("INSERT [-, 1,packed]", "INSERT [-, 2,too]");
            assertThat(fixture.buffer.events())
                    .anyMatch(
                            event ->
                                    event instanceof SourceEvent.TableEnd end
                                            && end.table().name().equals("other"));
        }
    }

    @Test
    void aLogThatIsGoneOrAnothersIsAGap() {
        MysqlTestDatabase database = Servers.mysql().freshDatabase();
        try (BinlogFixture fixture = new BinlogFixture(database, ITEMS)) {
            BinlogPosition gone =
                    new BinlogPosition(
                            fixture.start.server(), fixture.start.file().replaceAll("\\d", "0"), 4);
            fixture.start(gone);
            awaitGap(fixture);
            fixture.capture.close();
            fixture.start(
                    new BinlogPosition("another", fixture.start.file(), fixture.start.offset()));
            awaitGap(fixture);
        }
    }

    private static void awaitGap(BinlogFixture fixture) {
        Await.until(
                "the capture gives up",
                BinlogFixture.SOON,
                () -> fixture.capture.status().state() == State.FAILED);
        assertThat(fixture.capture.status().fault().orElseThrow().code())
                .isEqualTo(FaultCode.SOURCE_GAP);
    }
}
