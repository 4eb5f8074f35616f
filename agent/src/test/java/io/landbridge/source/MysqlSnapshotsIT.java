package io.landbridge.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.TableReader;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlSchema;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All sessions of a snapshot see the same, up to a place in the log that is known. */
class MysqlSnapshotsIT {

    private static final TablesConfig ALL = new TablesConfig(List.of("*.*"), List.of());

    private final MysqlTestDatabase from = Servers.mysql().freshDatabase();
    private final MysqlDatabase source = from.open(Side.SOURCE);
    private final Database target = Servers.target().freshDatabase().open(Side.TARGET);
    private final MysqlLog log = new MysqlLog(source, "snapshots_" + from.name());
    private List<MappedTable> tables;

    @BeforeEach
    void makeTables() {
        from.execute(
                "CREATE TABLE a (id int AUTO_INCREMENT PRIMARY KEY)",
                "CREATE TABLE b (id int AUTO_INCREMENT PRIMARY KEY)",
                "INSERT INTO a VALUES (1)");
        tables =
                MysqlSchema.map(
                        source,
                        target,
                        new SchemaConfig(SchemaConfig.Mode.CREATE, true, false, "none"),
                        ALL);
        var unused = log.open();
    }

    @AfterEach
    void close() {
        log.drop();
        source.close();
        target.close();
    }

    private MysqlSnapshots snapshots(Duration quietSearch) {
        return new MysqlSnapshots(source, log, tables, 1, quietSearch);
    }

    private long count(TableReader reader, String table) {
        MappedTable mapped =
                tables.stream()
                        .filter(one -> one.sourceId().name().equals(table))
                        .findFirst()
                        .orElseThrow();
        return reader.count(ComparedTable.of(mapped.asSource(), mapped.asTarget()).source());
    }

    @Test
    void needsNoLockWhereNobodyCommits() throws Exception {
        try (Connection writer = from.connect();
                Statement write = writer.createStatement()) {
            write.execute("START TRANSACTION");
            write.execute("INSERT INTO a VALUES (2)");
            try (PositionedSnapshot snapshot =
                            snapshots(Duration.ofMinutes(1)).open(Duration.ofMinutes(2));
                    TableReader reader = snapshot.tables().reader();
                    TableReader other = snapshot.tables().reader()) {
                write.execute("COMMIT");
                assertThat(count(reader, "a")).isEqualTo(1);
                assertThat(count(other, "a")).isEqualTo(1);
                assertThat(log.currentPosition().compareTo(MysqlLog.of(snapshot.position())))
                        .isPositive();
            }
        }
    }

    @Test
    void locksForAMomentWhereItMustAndWaitsForWritersOnlyAWhile() throws Exception {
        MysqlSnapshots locking = snapshots(Duration.ZERO);
        try (PositionedSnapshot snapshot = locking.open(Duration.ofMinutes(1));
                TableReader reader = snapshot.tables().reader()) {
            from.execute("SET lock_wait_timeout = 5; INSERT INTO b VALUES (1)");
            assertThat(count(reader, "b")).isZero();
        }
        try (Connection writer = from.connect();
                Statement write = writer.createStatement()) {
            write.execute("START TRANSACTION");
            write.execute("INSERT INTO a VALUES (2)");
            assertThatThrownBy(() -> locking.open(Duration.ofSeconds(2)))
                    .isInstanceOfSatisfying(
                            Fault.class,
                            fault -> {
                                assertThat(fault.code()).isEqualTo(FaultCode.SOURCE_LOCK_TIMEOUT);
                                assertThat(fault.getMessage()).contains("connection ");
                            });
            from.execute("SET lock_wait_timeout = 5; INSERT INTO a VALUES (3)");
            write.execute("ROLLBACK");
        }
    }
}
