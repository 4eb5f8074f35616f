package io.landbridge.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.landbridge.change.TableId;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.schema.Table.ReplicaIdentity;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresCatalogueIT {

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 17})
    void choosesTheKeyThatTheStreamCarries(int major) {
        TestDatabase database = Servers.postgres(major).freshDatabase();
        database.execute(
                """
                create table pk (id int primary key, u int not null unique);
                create table deferrable_pk (id int primary key deferrable, u int not null unique);
                create table by_index (id int primary key, u int not null unique);
                alter table by_index replica identity using index by_index_u_key;
                create table keyless (a int);
                create table keyless_full (a int);
                alter table keyless_full replica identity full;
                create table partial (a int not null, b int);
                create unique index on partial (a) where b > 1;
                create unique index on partial ((a + 1));
                create table nullable (a int unique);
                create table wide (a int not null, b int not null, c int not null, unique (a, b),
                                   unique (c), exclude using gist (int4range(a, b) with &&));
                create table composite (a int, b int, primary key (b, a) include (c), c int);
                create table lost_index (a int primary key, b int not null unique);
                alter table lost_index replica identity using index lost_index_b_key;
                alter table lost_index drop constraint lost_index_b_key;
                """);

        Map<String, Table> tables = read(database, "*.*");

        assertThat(tables.values())
                .extracting(
                        table -> table.id().name(),
                        Table::key,
                        Table::replicaIdentity,
                        Table::unique)
                .containsExactlyInAnyOrder(
                        tuple("pk", List.of("id"), ReplicaIdentity.DEFAULT, true),
                        tuple("deferrable_pk", List.of("u"), ReplicaIdentity.NOTHING, true),
                        tuple("by_index", List.of("u"), ReplicaIdentity.INDEX, true),
                        tuple("keyless", List.of(), ReplicaIdentity.NOTHING, false),
                        tuple("keyless_full", List.of(), ReplicaIdentity.FULL, false),
                        tuple("partial", List.of(), ReplicaIdentity.NOTHING, true),
                        tuple("nullable", List.of(), ReplicaIdentity.NOTHING, true),
                        tuple("wide", List.of("c"), ReplicaIdentity.NOTHING, true),
                        tuple("composite", List.of("b", "a"), ReplicaIdentity.DEFAULT, false),
                        tuple("lost_index", List.of("a"), ReplicaIdentity.NOTHING, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 17})
    void listsWhatCanBePublished(int major) {
        TestDatabase database = Servers.postgres(major).freshDatabase();
        database.execute(
                """
                create schema landbridge;
                create table landbridge.progress (a int);
                create unlogged table unlogged (a int);
                create table parent (a int primary key);
                create table child (b int) inherits (parent);
                create table root (a int primary key, b int) partition by range (a);
                create table leaf1 partition of root for values from (0) to (10);
                create table branch partition of root for values from (10) to (100)
                    partition by range (a);
                create table leaf2 partition of branch for values from (10) to (50);
                create unique index on leaf2 (b);
                insert into root select g, g from generate_series(1, 40) g;
                analyze;
                """);

        assertThat(read(database, "*.*").keySet())
                .containsExactlyInAnyOrderElementsOf(
                        major == 12
                                ? List.of("child", "leaf1", "leaf2", "parent")
                                : List.of("child", "parent", "root"));
        assertThat(read(database, "public.leaf*").keySet())
                .containsExactlyInAnyOrder("leaf1", "leaf2");
        assertThat(read(database, "public.root").values())
                .hasSize(major == 12 ? 2 : 1)
                .allSatisfy(table -> assertThat(table.key()).containsExactly("a"))
                .anySatisfy(table -> assertThat(table.unique()).isTrue())
                .satisfies(
                        all ->
                                assertThat(all.stream().mapToLong(Table::estimatedRows).sum())
                                        .isEqualTo(40))
                .satisfies(
                        all ->
                                assertThat(all.stream().mapToLong(Table::bytes).sum())
                                        .isEqualTo(2 * 8192));
    }

    @Test
    void readsAnyIdentifierAndType() {
        TestDatabase database = Servers.source().freshDatabase();
        String long63 = "x".repeat(61) + "é";
        database.execute(
                "create schema \"we.ird \"\"S\"",
                "create domain \"we.ird \"\"S\".\"Dom\" as int",
                "create table \"we.ird \"\"S\".\"sel'ect; drop\" (\"user\" \"we.ird \"\"S\".\"Dom\"[]"
                        + " primary key, \"A\" numeric(10,2) not null, a timestamptz(3), \""
                        + long63
                        + "\" bigint generated always as identity, g int generated always as (1 +"
                        + " 1) stored, gone int)",
                "alter table \"we.ird \"\"S\".\"sel'ect; drop\" drop column gone");

        Table table = read(database, "\"we.ird \"\"S\".*").get("sel'ect; drop");

        assertThat(table.id()).isEqualTo(new TableId("we.ird \"S", "sel'ect; drop"));
        assertThat(table.key()).containsExactly("user");
        assertThat(table.columns())
                .containsExactly(
                        new Column(
                                "user",
                                "\"we.ird \"\"S\".\"Dom\"[]",
                                true,
                                false,
                                Column.Identity.NONE),
                        new Column("A", "numeric(10,2)", true, false, Column.Identity.NONE),
                        new Column(
                                "a",
                                "timestamp(3) with time zone",
                                false,
                                false,
                                Column.Identity.NONE),
                        new Column(long63, "bigint", true, false, Column.Identity.ALWAYS),
                        new Column("g", "integer", false, true, Column.Identity.NONE));
    }

    @Test
    void readsThreeThousandTablesInSeconds() {
        TestDatabase database = Servers.postgres(12).freshDatabase();
        for (int hundred = 0; hundred < 30; hundred++) {
            int from = hundred * 100;
            database.execute(
                    IntStream.range(from, from + 100)
                            .mapToObj(n -> "create table t" + n + " (id int primary key, a text);")
                            .collect(Collectors.joining()));
        }
        long start = System.nanoTime();

        assertThat(read(database, "*.*")).hasSize(3000);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void waitsForNoLockedTable() throws Exception {
        TestDatabase database = Servers.source().freshDatabase();
        database.execute("create table busy (a int)", "insert into busy values (1)", "vacuum busy");
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table busy in access exclusive mode");

            assertThat(read(database, "public.busy").get("busy").bytes()).isEqualTo(8192);
        }
    }

    private static Map<String, Table> read(TestDatabase test, String pattern) {
        try (Database database = test.open(Side.SOURCE)) {
            return PostgresCatalogue.read(database, new TablesConfig(List.of(pattern), List.of()))
                    .stream()
                    .collect(Collectors.toMap(table -> table.id().name(), Function.identity()));
        }
    }
}
