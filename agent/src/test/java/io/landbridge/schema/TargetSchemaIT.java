package io.landbridge.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.change.TableId;
import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetSchemaIT {

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 17})
    void makesTheTargetLikeTheSource(int major) throws IOException {
        TestDatabase from = Servers.postgres(major).freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        from.execute(rich());

        with(from, to, TargetSchemaIT::buildAll);

        assertThat(SchemaText.of(to, "app|public"))
                .containsExactlyInAnyOrderElementsOf(SchemaText.of(from, "app|public"));
    }

    /** pg_dump must be installed ({@code postgresql-client}), 14 or newer. */
    @ParameterizedTest
    @ValueSource(ints = {12, 14})
    void makesTheSameOfWhatPgDumpSays(int major) throws IOException {
        TestDatabase from = Servers.postgres(major).freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        from.execute(rich(), ONLY_PG_DUMP);
        SchemaConfig config = new SchemaConfig(SchemaConfig.Mode.CREATE, true, false, "");

        with(
                from,
                to,
                config,
                "*.*",
                schema -> {
                    assertThat(schema.prepare().way()).startsWith("pg_dump ");
                    buildAll(schema);
                });

        assertThat(SchemaText.of(to, "app|public|dumped"))
                .containsExactlyInAnyOrderElementsOf(SchemaText.of(from, "app|public|dumped"));
        assertThat(to.value("select dumped.longest(v) from (values ('a'), ('abc')) as t (v)"))
                .isEqualTo("abc");
        assertThat(to.value("select 3 operator(dumped.<+>) 4")).isEqualTo("14");
        // What it says and what our own reading says is the same plan.
        assertThat(plan(to, "object !~ 'dumped' and kind <> 'DEFAULT'"))
                .isEqualTo(ownPlan(from, "object !~ 'dumped' and kind <> 'DEFAULT'"));

        with(from, to, config, "*.*", TargetSchema::removeCreated);
        assertThat(to.rows("select nspname from pg_namespace where nspname in ('app', 'dumped')"))
                .isEmpty();
    }

    private static final String ONLY_PG_DUMP =
            """
            create schema dumped;
            create function dumped.longer(a text, b text) returns text immutable language sql as
                $$ select case when length(a) > length(b) then a else b end $$;
            create aggregate dumped.longest(text) (sfunc = dumped.longer, stype = text, initcond = '');
            create function dumped.plus_twice(a int, b int) returns int immutable language sql as
                $$ select (a + b) * 2 $$;
            create operator dumped.<+> (leftarg = int, rightarg = int, function = dumped.plus_twice);
            create collation dumped.plain (locale = 'C', provider = libc);
            create table dumped.uses (
                id int primary key, a text collate dumped.plain,
                b int generated always as (id operator(dumped.<+>) 1) stored,
                n bigint default nextval('app.free_seq'));
            create view dumped.most as select dumped.longest('a'::text);
            """;

    private static List<String> plan(TestDatabase at, String where) {
        return at.rows(
                "select stage, kind, object, coalesce(table_name, '') from landbridge.schema_step"
                        + " where "
                        + where
                        + " order by 1, 2, 3, 4");
    }

    private static List<String> ownPlan(TestDatabase from, String where) {
        TestDatabase elsewhere = Servers.target().freshDatabase();
        with(from, elsewhere, SchemaConfig.Mode.CREATE, "app.*,public.*", TargetSchema::prepare);
        return plan(elsewhere, where);
    }

    @Test
    void refusesAPgDumpThatIsOlderThanTheSource(@TempDir Path directory) throws IOException {
        TestDatabase from = Servers.postgres(17).freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        from.execute("create table a (id int primary key)");
        String tooOld = oldPgDump(directory).toString();

        assertThatThrownBy(
                        () ->
                                with(
                                        from,
                                        to,
                                        new SchemaConfig(
                                                SchemaConfig.Mode.CREATE, true, false, tooOld),
                                        "*.*",
                                        TargetSchema::prepare))
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> assertThat(fault.code()).isEqualTo(FaultCode.CONFIG_INVALID));
        with(
                from,
                to,
                new SchemaConfig(SchemaConfig.Mode.CREATE, true, false, ""),
                "*.*",
                schema -> assertThat(schema.prepare().created()).hasSize(1));
    }

    private static Path oldPgDump(Path directory) throws IOException {
        Path program =
                Files.writeString(
                        directory.resolve("pg_dump"),
                        "#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return program;
    }

    @Test
    void goesOnAfterItsConnectionDiesAtAnyStatement() throws IOException {
        TestDatabase from = Servers.source().freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        from.execute(rich());
        to.execute(
                """
                create schema bomb;
                create sequence bomb.fuse;
                create function bomb.tick() returns event_trigger language plpgsql as $$
                begin
                    if current_query() !~ 'EXTENSION' and nextval('bomb.fuse') % 13 = 0 then
                        perform pg_terminate_backend(pg_backend_pid());
                    end if;
                end $$;
                create event trigger bomb on ddl_command_end execute function bomb.tick();
                """);
        AtomicInteger deaths = new AtomicInteger();

        with(
                from,
                to,
                schema ->
                        Await.until(
                                "everything is made",
                                Duration.ofMinutes(2),
                                () -> {
                                    deaths.incrementAndGet();
                                    buildAll(schema);
                                    return true;
                                }));

        assertThat(deaths.get()).isGreaterThan(5);
        assertThat(SchemaText.of(to, "app|public"))
                .containsExactlyInAnyOrderElementsOf(SchemaText.of(from, "app|public"));
    }

    @Test
    void removesJustWhatItCreated() throws IOException {
        TestDatabase from = Servers.source().freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        from.execute(rich());
        to.execute(
                "create schema app",
                "create type app.mood as enum ('sad', 'o''k', 'happy')",
                "create table app.uu (a int primary key, extra text default 'x')",
                "insert into app.uu values (1)",
                "create table app.unrelated (a int)");
        List<String> before = SchemaText.of(to, "app|public");

        with(
                from,
                to,
                schema -> {
                    buildAll(schema);
                    assertThat(schema.prepare().present())
                            .containsExactly(new TableId("app", "uu"));
                    assertThat(schema.removeCreated()).isEmpty();
                    assertThat(schema.removeCreated()).isEmpty();
                });

        assertThat(SchemaText.of(to, "app|public")).isEqualTo(before);
        assertThat(to.number("select count(*) from app.uu")).isEqualTo(1);
        assertThat(to.rows("select extname from pg_extension where extname = 'citext'")).isEmpty();
    }

    @Test
    void rebuildsIndexesOfExistingTablesFromTheirOwnDefinitions() {
        TestDatabase from = Servers.source().freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        String tables =
                """
                create table a (id int primary key, b int unique, c text, r int4range);
                create table b (id int primary key, a int references a (b),
                                self int references b deferrable);
                create table p (id int primary key, x int) partition by range (id);
                create table p1 partition of p for values from (0) to (9);
                create table outside (id int primary key);
                """;
        from.execute(tables);
        to.execute(
                tables,
                """
                create index its_own on a using hash (c) where id > 5;
                alter table a add constraint no_overlap exclude using gist (r with &&);
                create unique index on p (id, x);
                create index only_here on p1 (x);
                create table refers (a int references a (b));
                alter table b add foreign key (id) references outside not valid;
                """);
        List<String> before = SchemaText.of(to, "public");

        with(
                from,
                to,
                SchemaConfig.Mode.EXISTING,
                "public.*",
                schema -> {
                    schema.prepare();
                    schema.dropForLoad();
                    schema.dropForLoad();
                    // "refers" does not move, so what it refers to must stay.
                    assertThat(
                                    to.rows(
                                            "select indexrelid::regclass from pg_index where"
                                                    + " indrelid in ('a'::regclass, 'b'::regclass,"
                                                    + " 'p'::regclass, 'p1'::regclass) order by 1"))
                            .containsExactlyInAnyOrder(
                                    "a_pkey", "a_b_key", "b_pkey", "p_pkey", "p1_pkey");
                    schema.buildKeys(progress -> {});
                    schema.buildRest(progress -> {});
                });

        assertThat(SchemaText.of(to, "public")).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void remakesWhatItDroppedWhenRemoved() {
        TestDatabase from = Servers.source().freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        String tables =
                "create table a (id int primary key, b int references a); create index on a (b)";
        from.execute(tables);
        to.execute(tables);
        List<String> before = SchemaText.of(to, "public");

        with(
                from,
                to,
                SchemaConfig.Mode.EXISTING,
                "public.*",
                schema -> {
                    schema.prepare();
                    schema.dropForLoad();
                    schema.removeCreated();
                });

        assertThat(SchemaText.of(to, "public")).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void namesEverythingThatKeepsAnExistingTargetFromTakingTheRows() {
        TestDatabase from = Servers.source().freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        from.execute(
                "create table a (id int primary key, n numeric(10,2), t text, d int)",
                "create table b (id int primary key)");
        to.execute("create table a (id bigint, n numeric(9,2), t text not null)");

        with(
                from,
                to,
                SchemaConfig.Mode.EXISTING,
                "public.*",
                schema ->
                        assertThatThrownBy(schema::prepare)
                                .isInstanceOf(Fault.class)
                                .hasMessageContaining("column n is numeric(10,2)")
                                .hasMessageContaining("column t is NOT NULL at the target")
                                .hasMessageContaining("column d is absent")
                                .hasMessageContaining("table public.b is absent")
                                .hasMessageNotContaining("column id"));
    }

    @Test
    void demandsTheKeyOnAnExistingTable() {
        TestDatabase from = Servers.source().freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        from.execute("create table a (id int primary key)");
        to.execute("create table a (id int)");

        with(
                from,
                to,
                SchemaConfig.Mode.CREATE,
                "public.*",
                schema -> {
                    schema.prepare();
                    assertThatThrownBy(() -> schema.buildKeys(progress -> {}))
                            .isInstanceOf(Fault.class)
                            .satisfies(
                                    fault ->
                                            assertThat(((Fault) fault).hint())
                                                    .contains("ADD UNIQUE (\"id\")"));
                });
    }

    @Test
    void callsRowsThatViolateAConstraintADivergence() {
        TestDatabase from = Servers.source().freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        from.execute("create table a (id int primary key, b int unique)");

        with(
                from,
                to,
                SchemaConfig.Mode.CREATE,
                "public.*",
                schema -> {
                    schema.prepare();
                    to.execute("insert into a values (1, 1), (2, 1)");
                    schema.buildKeys(progress -> {});
                    assertThatThrownBy(() -> schema.buildRest(progress -> {}))
                            .isInstanceOfSatisfying(
                                    Fault.class,
                                    fault -> {
                                        assertThat(fault.code()).isEqualTo(FaultCode.DIVERGENCE);
                                        assertThat(fault.table())
                                                .contains(new TableId("public", "a"));
                                    });
                    to.execute("delete from a where id = 2");
                    schema.buildRest(progress -> {});
                });
    }

    @Test
    void leavesOutWhatNeedsTablesThatDoNotMove() {
        TestDatabase from = Servers.source().freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        from.execute(
                """
                create table stays (id int primary key);
                create table moves (id int primary key, s int references stays);
                create view moves_too as select id from moves;
                create view moves_not as select * from moves join stays using (id);
                """);

        with(
                from,
                to,
                SchemaConfig.Mode.CREATE,
                "public.moves*",
                schema -> {
                    Prepared prepared = schema.prepare();
                    schema.buildKeys(progress -> {});
                    schema.buildRest(progress -> {});
                    assertThat(prepared.created()).containsExactly(new TableId("public", "moves"));
                    assertThat(prepared.notes())
                            .anyMatch(note -> note.contains("moves_not"))
                            .contains(
                                    "foreign key moves_s_fkey of public.moves refers to table"
                                            + " public.stays, which does not move");
                });

        assertThat(
                        to.rows(
                                "select relname from pg_class where relkind in ('r', 'v') and"
                                        + " relnamespace = 'public'::regnamespace order by 1"))
                .containsExactly("moves", "moves_too");
    }

    @Test
    void reportsProgressToItsEnd() throws IOException {
        TestDatabase from = Servers.source().freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        from.execute(rich());
        List<SchemaProgress> seen = Collections.synchronizedList(new ArrayList<>());

        with(
                from,
                to,
                schema -> {
                    schema.prepare();
                    schema.buildKeys(progress -> {});
                    schema.buildRest(seen::add);
                    assertThat(schema.targetTables().get(new TableId("app", "customer")).key())
                            .containsExactly("id");
                });

        assertThat(seen).extracting(SchemaProgress::doing).contains("indexes", "validations");
        assertThat(seen.get(seen.size() - 1).done())
                .isEqualTo(seen.get(seen.size() - 1).total())
                .isPositive();
    }

    @Test
    void leavesTablesThatCameAfterThePlanAlone() {
        TestDatabase from = Servers.source().freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        from.execute("create table a (id int primary key)");
        with(from, to, TargetSchema::prepare);
        from.execute("create table newcomer (id int primary key)");

        with(
                from,
                to,
                schema -> {
                    buildAll(schema);
                    assertThat(schema.tables())
                            .extracting(Table::id)
                            .containsExactly(new TableId("public", "a"));
                    assertThat(schema.targetTables()).hasSize(1);
                });

        assertThat(to.value("select to_regclass('newcomer')")).isEqualTo("∅");
    }

    @Test
    void breaksALongIndexBuildOffAndMakesItAtTheNextStart() {
        TestDatabase from = Servers.source().freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        from.execute(
                """
                create table slow (id int primary key);
                create function slowly(id int) returns int immutable language plpgsql as $$
                begin
                    return id;
                end $$;
                create index slow_index on slow (slowly(id));
                create index quick_index on slow ((id + 1));
                """);
        String sleepy =
                """
                create or replace function slowly(id int) returns int immutable language plpgsql as
                $$ begin perform pg_sleep(%d); return id; end $$;
                """;

        with(
                from,
                to,
                schema -> {
                    schema.prepare();
                    schema.buildKeys(progress -> {});
                    to.execute(sleepy.formatted(600), "insert into slow values (1)");
                    CompletableFuture<Void> building =
                            CompletableFuture.runAsync(() -> schema.buildRest(progress -> {}));
                    Await.until(
                            "the index is being built",
                            Duration.ofSeconds(60),
                            () ->
                                    to.number(
                                                    "select count(*) from pg_stat_activity where"
                                                            + " wait_event = 'PgSleep'")
                                            == 1);
                    schema.cancel();
                    assertThat(building).succeedsWithin(Duration.ofSeconds(10));
                });
        assertThat(to.value("select to_regclass('slow_index')")).isEqualTo("∅");

        to.execute(sleepy.formatted(0));
        with(from, to, TargetSchemaIT::buildAll);

        assertThat(to.value("select to_regclass('slow_index')")).isEqualTo("slow_index");
        assertThat(to.value("select to_regclass('quick_index')")).isEqualTo("quick_index");
    }

    private static void buildAll(TargetSchema schema) {
        schema.prepare();
        schema.dropForLoad();
        schema.buildKeys(progress -> {});
        schema.buildRest(progress -> {});
        schema.buildLast();
    }

    private static String rich() throws IOException {
        try (var in = TargetSchemaIT.class.getResourceAsStream("rich.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void with(TestDatabase from, TestDatabase to, Consumer<TargetSchema> work) {
        with(from, to, SchemaConfig.Mode.CREATE, "*.*", work);
    }

    private static void with(
            TestDatabase from,
            TestDatabase to,
            SchemaConfig.Mode mode,
            String pattern,
            Consumer<TargetSchema> work) {
        with(from, to, new SchemaConfig(mode, true, false, "none"), pattern, work);
    }

    private static void with(
            TestDatabase from,
            TestDatabase to,
            SchemaConfig config,
            String patterns,
            Consumer<TargetSchema> work) {
        try (Database source = from.open(Side.SOURCE);
                Database target = to.open(Side.TARGET)) {
            work.accept(
                    new TargetSchema(
                            "test",
                            source,
                            target,
                            config,
                            new TablesConfig(List.of(patterns.split(",")), List.of()),
                            2));
        }
    }
}
