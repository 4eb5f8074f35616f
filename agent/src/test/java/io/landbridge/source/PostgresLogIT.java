package io.landbridge.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.offsets.Lsn;
import io.landbridge.schema.Column;
import io.landbridge.schema.Table;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresLogIT {

    private TestDatabase database;
    private Database source;
    private PostgresLog log;

    @AfterEach
    void close() {
        if (log != null) {
            log.drop();
            source.close();
        }
    }

    private void open(int major) {
        database = Servers.postgres(major).freshDatabase();
        database.execute(
                "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE \"B \"\"x\" (id int PRIMARY KEY);"
                        + "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);"
                        + "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)");
        source = database.open(Side.SOURCE);
        log = new PostgresLog(source, "Log-" + database.name());
    }

    private static Table table(String name, boolean partitioned) {
        return new Table(
                new TableId("public", name),
                List.of(new Column("id", "integer", true, false, Column.Identity.NONE)),
                List.of("id"),
                Table.ReplicaIdentity.DEFAULT,
                false,
                partitioned,
                0,
                0);
    }

    private static void gap(Runnable call, Consumer<Fault> more) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> {
                            assertThat(fault.code()).isEqualTo(FaultCode.SOURCE_GAP);
                            assertThat(fault.hint()).isNotEmpty();
                            more.accept(fault);
                        });
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 17})
    void everyStepCanBeRepeatedAndUndone(int major) {
        open(major);
        List<Table> tables =
                List.of(
                        table("a", false),
                        table("B \"x", false),
                        major > 12 ? table("p", true) : table("p1", false));
        log.createPublication(List.of(table("a", false)));
        log.createPublication(tables);
        Lsn start = log.createSlot();
        assertThat(log.createSlot()).isEqualTo(start);
        log.createPublication(tables);
        assertThatThrownBy(() -> log.createPublication(List.of(table("a", false))))
                .isInstanceOfSatisfying(
                        Fault.class, f -> assertThat(f.code()).isEqualTo(FaultCode.SOURCE_DDL));
        assertThat(log.check(start).confirmed()).isEqualTo(start);
        log.emitMarker("here");
        assertThat(log.currentPosition().isAfter(start)).isTrue();
        assertThat(log.retention().bytes()).isPositive();

        log.drop();
        log.drop();
        assertThat(database.number("SELECT count(*) FROM pg_publication")).isZero();
        assertThat(database.number("SELECT count(*) FROM pg_namespace WHERE nspname='landbridge'"))
                .isZero();
        assertThat(log.slot()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {14})
    void missingOrRecreatedSlotIsAGap(int major) {
        open(major);
        log.createPublication(List.of(table("a", false)));
        Lsn start = log.createSlot();
        database.execute("SELECT pg_drop_replication_slot('" + log.name() + "')");
        gap(() -> log.check(start), f -> assertThat(f.getMessage()).contains(start.text()));

        database.execute("INSERT INTO a VALUES (1)");
        Lsn later = log.createSlot();
        gap(
                () -> log.check(start),
                f -> assertThat(f.getMessage()).contains(start.text()).contains(later.text()));

        database.execute("DROP PUBLICATION \"" + log.name() + "\"");
        gap(() -> log.check(later), f -> assertThat(f.getMessage()).contains("publication"));
    }

    @ParameterizedTest
    @ValueSource(ints = {14})
    void somebodyElsesSlotIsRefused(int major) {
        open(major);
        database.execute(
                "SELECT pg_create_logical_replication_slot('" + log.name() + "', 'test_decoding')");
        gap(() -> log.check(Lsn.ZERO), f -> assertThat(f.getMessage()).contains("not ours"));
        log.drop();
        assertThat(
                        database.number(
                                "SELECT count(*) FROM pg_replication_slots"
                                        + " WHERE database = current_database()"))
                .isEqualTo(1);
        database.execute("SELECT pg_drop_replication_slot('" + log.name() + "')");
    }
}
