package io.landbridge.assess;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.Configuration;
import io.landbridge.config.ConfigurationLoader;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.Overrides;
import io.landbridge.config.Secret;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssessmentIT {

    private final TestDatabase from = Servers.source().freshDatabase();
    private final TestDatabase to = Servers.target().freshDatabase();

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 17})
    void letsAPlainDatabasePass(int major) {
        TestDatabase plain = Servers.postgres(major).freshDatabase();
        plain.execute(
                "create table orders (id bigserial primary key, total numeric)",
                "insert into orders (total) values (1)");

        AssessmentReport report = assess(plain, to, "");

        assertThat(report.blockers()).isEmpty();
        assertThat(report.of(Severity.WARNING)).isEmpty();
        assertThat(report.tables()).isEqualTo(1);
    }

    @Test
    void namesWhatTheStreamCannotFollow() {
        from.execute(
                """
                create table keyless (a int);
                insert into keyless values (1);
                create table insert_only (a int);
                create table deferred_key (a int primary key deferrable);
                create unlogged table unlogged (a int primary key);
                create table root (a int primary key) partition by range (a);
                create table left_out partition of root for values from (0) to (1);
                create foreign data wrapper elsewhere;
                create server other foreign data wrapper elsewhere;
                create foreign table far (a int) server other;
                create table plans (id int primary key, plan pg_node_tree, list regclass[]);
                """);

        from.execute("delete from keyless", "insert into deferred_key values (1)");
        from.execute("update deferred_key set a = 2");
        Await.until(
                "the statistics know of it",
                Duration.ofSeconds(30),
                () ->
                        from.number(
                                        "select sum(n_tup_upd + n_tup_del) from"
                                                + " pg_stat_user_tables")
                                >= 2);

        AssessmentReport report = assess(from, to, "tables: {exclude: ['public.left_out']}");

        assertThat(codes(report, Severity.BLOCKER))
                .containsExactlyInAnyOrder(
                        FindingCode.REPLICA_IDENTITY,
                        FindingCode.REPLICA_IDENTITY,
                        FindingCode.UNLOGGED,
                        FindingCode.PARTITION_EXCLUDED,
                        FindingCode.TYPE_UNSUPPORTED);
        assertThat(codes(report, Severity.WARNING))
                .contains(
                        FindingCode.FOREIGN_TABLE,
                        FindingCode.TYPE_LOCAL,
                        FindingCode.REPLICA_IDENTITY);
        assertThat(codes(report, Severity.NOTE))
                .contains(FindingCode.NO_KEY, FindingCode.PARTITIONED, FindingCode.DEFERRABLE);
        assertThat(finding(report, FindingCode.REPLICA_IDENTITY).whatToDo())
                .contains("ALTER TABLE \"public\".\"deferred_key\" REPLICA IDENTITY FULL");
    }

    @Test
    void notesWhatSurprisesOthers() {
        from.execute(
                """
                create type mood as enum ('sad');
                create domain moody as mood;
                create type nothing as enum ();
                create table odd (id int primary key, "Name" text, name text, m moody);
                create table parent (id int generated always as identity primary key,
                                     twice int generated always as (1 + 1) stored);
                create table child (primary key (id)) inherits (parent);
                create table booked (id int primary key, r int4range,
                                     exclude using gist (r with &&));
                create sequence narrow as smallint;
                select setval('narrow', 32000);
                select lo_create(0);
                """);

        AssessmentReport report = assess(from, to, "");

        assertThat(report.blockers()).isEmpty();
        assertThat(codes(report, Severity.NOTE))
                .contains(
                        FindingCode.DOMAIN_OVER_ENUM,
                        FindingCode.ENUM_WITHOUT_LABELS,
                        FindingCode.COLUMNS_BY_CASE,
                        FindingCode.GENERATED_COLUMN,
                        FindingCode.IDENTITY_COLUMN,
                        FindingCode.INHERITANCE,
                        FindingCode.EXCLUSION,
                        FindingCode.SCHEMA_WAY,
                        FindingCode.SIZE);
        assertThat(codes(report, Severity.WARNING))
                .contains(FindingCode.SEQUENCE_NEAR_END, FindingCode.LARGE_OBJECTS);
        assertThat(finding(report, FindingCode.COLUMNS_BY_CASE).object())
                .isEqualTo("public.odd: \"Name\", name");
    }

    @Test
    void looksAtTablesThatStandAtTheTarget() {
        from.execute(
                """
                create table filled (id int primary key);
                create table differs (id int primary key, n int);
                create table keyless_there (id int primary key);
                create table fires (id int primary key);
                """);
        to.execute(
                """
                create table filled (id int primary key);
                insert into filled values (1);
                create table differs (id int primary key, n smallint, extra int not null);
                create table keyless_there (id int);
                create table fires (id int primary key);
                create function nothing() returns trigger language plpgsql as 'begin end';
                create trigger loud before insert on fires execute function nothing();
                alter table fires enable always trigger loud;
                create trigger quiet before insert on filled execute function nothing();
                """);

        AssessmentReport report = assess(from, to, "");

        assertThat(codes(report, Severity.BLOCKER))
                .containsExactlyInAnyOrder(
                        FindingCode.TARGET_NOT_EMPTY,
                        FindingCode.TARGET_TABLE_DIFFERS,
                        FindingCode.TARGET_TABLE_DIFFERS,
                        FindingCode.TARGET_KEY_MISSING,
                        FindingCode.TARGET_TRIGGER);
        assertThat(finding(report, FindingCode.TARGET_NOT_EMPTY).object())
                .isEqualTo("public.filled");
    }

    @Test
    void takesRowsAtTheTargetForGrantedWhenOnlyChangesMove() {
        from.execute("create table filled (id int primary key)", "create table absent (id int)");
        from.execute("alter table absent replica identity full", "create sequence gone");
        to.execute("create table filled (id int primary key)", "insert into filled values (1)");

        AssessmentReport report = assess(from, to, "migration: {strategy: cdc-only}");

        assertThat(codes(report, Severity.BLOCKER))
                .containsExactlyInAnyOrder(
                        FindingCode.TARGET_TABLE_ABSENT, FindingCode.TARGET_SEQUENCE_ABSENT);
    }

    @Test
    void printsTheGrantsThatAreMissing() {
        String source = role(from, "assessed_source");
        String target = role(to, "assessed_target");
        from.execute(
                "create table secret (id int primary key)",
                "create table guarded (id int primary key)",
                "alter table guarded enable row level security",
                "grant select on guarded to " + source);
        to.execute("create table secret (id int primary key)", "create schema only_for_others");
        from.execute(
                "create schema only_for_others",
                "create table only_for_others.a (id int primary key)");

        AssessmentReport report =
                assess(as(from, source), as(to, target), configuration(from, to, ""));

        assertThat(report.of(Severity.BLOCKER))
                .extracting(Finding::whatToDo)
                .contains(
                        "ALTER ROLE \"assessed_source\" REPLICATION",
                        "GRANT CREATE ON DATABASE \"" + from.name() + "\" TO \"assessed_source\"",
                        "GRANT USAGE ON SCHEMA \"only_for_others\" TO \"assessed_source\"",
                        "GRANT \"postgres\" TO \"assessed_source\"",
                        "ALTER ROLE \"assessed_source\" BYPASSRLS",
                        "GRANT CREATE ON DATABASE \"" + to.name() + "\" TO \"assessed_target\"",
                        "GRANT USAGE, CREATE ON SCHEMA \"only_for_others\" TO"
                                + " \"assessed_target\"",
                        "GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON public.secret TO"
                                + " \"assessed_target\"",
                        "GRANT SET ON PARAMETER session_replication_role TO"
                                + " \"assessed_target\"");
        report.of(Severity.BLOCKER).stream()
                .filter(finding -> finding.code() == FindingCode.SOURCE_RIGHTS)
                .forEach(finding -> runAll(from, finding.whatToDo()));
    }

    @Test
    void looksAtTheSourcesSettings() throws Exception {
        Map<String, String> settings =
                Map.of(
                        "wal_level", "replica",
                        "max_prepared_transactions", "5",
                        "max_replication_slots", "1",
                        "max_wal_senders", "0",
                        "max_slot_wal_keep_size", "1GB",
                        "wal_sender_timeout", "2s");
        try (PostgresServer server = PostgresServer.start(14, settings)) {
            TestDatabase busy = server.freshDatabase();
            busy.execute("create table a (id int primary key)");
            try (Connection writer = busy.connect();
                    Statement statement = writer.createStatement()) {
                writer.setAutoCommit(false);
                statement.execute("insert into a values (1)");
                statement.execute("prepare transaction 'it''s open'");
            }

            AssessmentReport report = assess(busy, to, "");

            assertThat(codes(report, Severity.BLOCKER))
                    .containsExactlyInAnyOrder(FindingCode.WAL_LEVEL, FindingCode.WAL_SENDERS);
            assertThat(codes(report, Severity.WARNING))
                    .containsExactlyInAnyOrder(
                            FindingCode.REPLICATION_SLOTS,
                            FindingCode.WAL_RETENTION,
                            FindingCode.WAL_SENDER_TIMEOUT);
            assertThat(finding(report, FindingCode.PREPARED_TRANSACTION).whatToDo())
                    .contains("ROLLBACK PREPARED 'it''s open'");
        }
    }

    @Test
    void refusesToMigrateADatabaseOntoItself() {
        from.execute("create table a (id int primary key)");

        assertThat(codes(assess(from, from, ""), Severity.BLOCKER))
                .contains(FindingCode.SAME_DATABASE, FindingCode.TARGET_VERSION);
    }

    @Test
    void asksForTablesThatExist() {
        assertThat(
                        codes(
                                assess(from, to, "tables: {include: [public.orders, 'x.*']}"),
                                Severity.BLOCKER))
                .containsExactlyInAnyOrder(FindingCode.NO_TABLES, FindingCode.PATTERN_IDLE);
    }

    @Test
    void writesNothing() {
        from.execute("create table a (id int primary key)");
        String objects = "select count(*) from pg_class";
        String slots = "select count(*) from pg_publication";
        long before = from.number(objects);
        long there = to.number(objects);

        assess(from, to, "");

        assertThat(from.number(objects)).isEqualTo(before);
        assertThat(to.number(objects)).isEqualTo(there);
        assertThat(from.number(slots)).isZero();
    }

    private static void runAll(TestDatabase database, String sql) {
        database.execute(sql);
    }

    private static String role(TestDatabase database, String name) {
        database.execute(
                "do $$ begin if not exists (select from pg_roles where rolname = '"
                        + name
                        + "') then create role "
                        + name
                        + " login password 'assessed'; end if; end $$");
        return name;
    }

    private static List<FindingCode> codes(AssessmentReport report, Severity severity) {
        return report.of(severity).stream().map(Finding::code).toList();
    }

    private static Finding finding(AssessmentReport report, FindingCode code) {
        return report.findings().stream()
                .filter(finding -> finding.code() == code)
                .findFirst()
                .orElseThrow();
    }

    private static AssessmentReport assess(TestDatabase from, TestDatabase to, String yaml) {
        return assess(from.config(), to.config(), configuration(from, to, yaml));
    }

    private static AssessmentReport assess(
            DatabaseConfig from, DatabaseConfig to, Configuration configuration) {
        try (Database source = new Database(from, Side.SOURCE);
                Database target = new Database(to, Side.TARGET)) {
            return new Assessment(source, target, configuration).run();
        }
    }

    private static DatabaseConfig as(TestDatabase database, String user) {
        DatabaseConfig config = database.config();
        return new DatabaseConfig(
                config.kind(),
                config.host(),
                config.port(),
                config.database(),
                user,
                new Secret("assessed"),
                config.parameters(),
                config.poolSize());
    }

    private static String url(TestDatabase database) {
        return database.url().replace("jdbc:postgresql://", "postgresql://postgres@");
    }

    private static Configuration configuration(TestDatabase from, TestDatabase to, String yaml) {
        return ConfigurationLoader.read(
                        yaml,
                        "test",
                        Overrides.NONE,
                        Map.of(
                                "SOURCE_DB_URL",
                                url(from),
                                "TARGET_DB_URL",
                                url(to).replace("127.0.0.1", "localhost")))
                .configuration();
    }
}
