package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.config.Configuration;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.RowsOf.Comparison;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The target is taken back to what the source was, compared with a snapshot of the source of then.
 */
class RewindIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String TABLES =
            """
            CREATE TABLE item (id int PRIMARY KEY, place int UNIQUE, v text, big text);
            ALTER TABLE item ALTER big SET STORAGE EXTERNAL;
            CREATE TABLE number (id numeric PRIMARY KEY, v text);
            CREATE TABLE bare (a int, v text);
            CREATE TABLE part (k int, v text, PRIMARY KEY (k)) PARTITION BY RANGE (k);
            CREATE TABLE part_low PARTITION OF part FOR VALUES FROM (0) TO (500);
            CREATE TABLE part_high PARTITION OF part DEFAULT;
            INSERT INTO item SELECT g, g, 'v' || g, repeat(md5(g::text), 200)
              FROM generate_series(1, 300) g;
            INSERT INTO number SELECT (g || '.0')::numeric, 'n' FROM generate_series(1, 50) g;
            INSERT INTO bare SELECT g % 10, 'b' || g % 3 FROM generate_series(1, 60) g;
            INSERT INTO part SELECT g, 'p' FROM generate_series(1, 1000, 7) g;
            """;

    /** Unique values change hands. */
    private static final String SWAP =
            """
            DO $$
            DECLARE
                a int := (SELECT place FROM item WHERE id = %1$d);
                b int := (SELECT place FROM item WHERE id = %2$d);
            BEGIN
                IF a <> b THEN
                    UPDATE item SET place = NULL WHERE id = %1$d;
                    UPDATE item SET place = a WHERE id = %2$d;
                    UPDATE item SET place = b WHERE id = %1$d;
                END IF;
            END $$
            """;

    private static final String ITEMS = "SELECT id, place, v, length(big) FROM item ORDER BY id";

    @TempDir Path stateDir;

    private final Random random = new Random(20261122);
    private TestDatabase source;
    private TestDatabase target;

    @BeforeEach
    void makeDatabases() {
        source = Servers.source().freshDatabase();
        target = Servers.target().freshDatabase();
    }

    @Test
    void takesTheTargetBackAgainAndAgainAndGoesOnFromThere() throws Exception {
        source.execute(TABLES);
        Configuration config = configuration("rewinds", "rollback:\n  history: 1h");
        Instant first;
        Instant second;
        try (Service service = new Service(config)) {
            awaitFollowing(service);
            write(120);
            first = now();
            try (Connection then = RowsOf.snapshot(source.config())) {
                write(120);
                second = now();
                try (Connection later = RowsOf.snapshot(source.config())) {
                    write(120);
                    source.execute("UPDATE item SET v = 'a bad deploy', place = -place");
                    awaitApplied(service);

                    rewind(service, second);
                    assertIs(later);
                    rewind(service, first);
                    assertIs(then);
                    // The target lags behind that moment now: it gets there by going on.
                    rewind(service, second);
                    assertIs(later);
                    rewind(service, first);
                }
                assertIs(then);
                source.execute("DELETE FROM item WHERE id % 2 = 0");
            }
            service.control().resume();
            awaitApplied(service);
            RowsOf.assertEqual(source, target);
            assertThat(service.control().status().stage().rewound()).isEmpty();
            service.validate();
        }
    }

    @Test
    void staysThereOverARestartAndAnAbort() throws Exception {
        source.execute(TABLES);
        Configuration config = configuration("stays", "rollback:\n  history: 1h");
        Instant moment;
        List<String> items;
        try (Service service = new Service(config)) {
            awaitFollowing(service);
            write(40);
            moment = now();
            items = source.rows(ITEMS);
            write(40);
            awaitApplied(service);
            rewind(service, moment);
        }
        // As if the agent had been killed when all was done but for writing that down.
        target.execute(
                "UPDATE landbridge.migration SET document = document::jsonb || '{\"paused\":"
                        + " false, \"rewound\": null, \"step\": \"REWIND\", \"rewindTo\": \""
                        + moment
                        + "\"}'::jsonb");
        try (Service service = new Service(config)) {
            awaitRewound(service, moment);
            source.execute("UPDATE item SET v = 'not to be applied'");
            Await.until(
                    "it is captured, and not applied",
                    PATIENCE,
                    () ->
                            service.control().status().buffer().events() > 0
                                    && service.control().status().apply().mode().equals("HELD"));
            assertThat(target.rows(ITEMS)).isEqualTo(items);
            service.control().abort();
            service.awaitPhase("ROLLED_BACK");
        }
        assertThat(target.rows(ITEMS)).isEqualTo(items);
        assertThat(target.value("SELECT to_regnamespace('landbridge')")).isEqualTo("∅");
        assertThat(
                        source.value(
                                "SELECT string_agg(relreplident::text, '') FROM pg_class WHERE"
                                        + " relname IN ('item', 'bare', 'part', 'part_low')"))
                .isEqualTo("dddd");
    }

    @Test
    void refusesWhatCanNotBeExactAndFollowsOn() throws Exception {
        source.execute(
                "CREATE TABLE item (id int PRIMARY KEY, v text)",
                "CREATE TABLE other (id int PRIMARY KEY, v text)",
                "INSERT INTO item VALUES (1, 'one')");
        Instant early = now();
        try (Service service = new Service(configuration("refuses"))) {
            awaitFollowing(service);
            assertThatThrownBy(() -> service.control().rollbackTo(now().plusSeconds(3600)))
                    .isInstanceOfSatisfying(
                            Fault.class,
                            fault -> assertThat(fault.code()).isEqualTo(FaultCode.REWIND_REFUSED));
            assertRefused(service, early, "as old as that");

            Instant beforeUpdate = now();
            source.execute("UPDATE item SET v = 'uno'");
            awaitApplied(service);
            assertRefused(service, beforeUpdate, "no old values");

            // Inserts are undone without old values.
            Instant beforeInsert = now();
            try (Connection then = RowsOf.snapshot(source.config())) {
                source.execute("INSERT INTO item SELECT g FROM generate_series(2, 5000) g");
                awaitApplied(service);
                rewind(service, beforeInsert);
                assertIs(then);
            }
            service.control().resume();
            awaitApplied(service);

            Instant beforeTruncate = now();
            source.execute("TRUNCATE other");
            awaitApplied(service);
            assertRefused(service, beforeTruncate, "truncated");
            RowsOf.assertEqual(source, target);
        }
    }

    private void assertRefused(Service service, Instant moment, String why) {
        long before = refusals(service);
        service.control().rollbackTo(moment);
        Await.until("it is refused", PATIENCE, () -> refusals(service) > before);
        assertThat(service.control().status().faults())
                .anySatisfy(
                        fault -> {
                            assertThat(fault.code()).isEqualTo("REWIND_REFUSED");
                            assertThat(fault.message()).contains(why);
                        });
        awaitFollowing(service);
        awaitApplied(service);
    }

    private static long refusals(Service service) {
        return service.control().status().faultCounts().getOrDefault("REWIND_REFUSED", 0L);
    }

    /** Each in a transaction of its own; all that a stream finds hard to take back. */
    private void write(int transactions) {
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < transactions; i++) {
                statement.execute(anything());
                if (i % 20 == 7) {
                    connection.rollback();
                } else {
                    connection.commit();
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String anything() {
        String template =
                switch (random.nextInt(9)) {
                    case 0 -> "UPDATE item SET v = v || '.' WHERE id = %1$d";
                    case 1 -> "DELETE FROM item WHERE id = %1$d";
                    case 2 ->
                            "INSERT INTO item VALUES (%1$d, %1$d, 'again', 'x')"
                                    + " ON CONFLICT DO NOTHING";
                    case 3 -> SWAP;
                    case 4 ->
                            "UPDATE item SET id = id + 1000 WHERE id = %1$d AND NOT EXISTS"
                                    + " (SELECT FROM item WHERE id = %1$d + 1000)";
                    // The same number, spelled differently.
                    case 5 -> "UPDATE number SET id = id * 1.0, v = v || 'x' WHERE id = %3$d";
                    case 6 ->
                            "INSERT INTO bare VALUES (%3$d, NULL), (1, 'b1'); DELETE FROM bare"
                                    + " WHERE ctid = (SELECT min(ctid) FROM bare)";
                    case 7 -> "UPDATE bare SET v = 'c%3$d' WHERE a = %3$d";
                    default ->
                            "UPDATE part SET k = k + 400 WHERE k = %1$d AND NOT EXISTS"
                                    + " (SELECT FROM part WHERE k = %1$d + 400)";
                };
        return template.formatted(
                1 + random.nextInt(300), 1 + random.nextInt(300), random.nextInt(50));
    }

    private Instant now() {
        return OffsetDateTime.parse(
                        source.value("SELECT to_json(clock_timestamp())::text").replace("\"", ""))
                .toInstant();
    }

    private static void rewind(Service service, Instant moment) {
        service.control().rollbackTo(moment);
        assertThat(service.control().status().faults()).isEmpty();
        awaitRewound(service, moment);
    }

    private static void awaitRewound(Service service, Instant moment) {
        Await.until(
                "taken back to " + moment,
                PATIENCE,
                () -> {
                    MigrationStatus status = service.control().status();
                    assertThat(status.faults()).isEmpty();
                    return status.stage().step().equals("FOLLOW")
                            && status.stage()
                                    .rewound()
                                    .filter(where -> where.to().equals(moment))
                                    .isPresent();
                });
    }

    private void assertIs(Connection then) throws SQLException {
        try (Connection now = RowsOf.snapshot(target.config())) {
            assertThat(RowsOf.compare(then, now, RowsOf.tables(source.config())))
                    .allMatch(Comparison::equal);
        }
    }

    private static void awaitFollowing(Service service) {
        Await.until(
                "it follows",
                PATIENCE,
                () -> {
                    MigrationStatus status = service.control().status();
                    return status.stage().step().equals("FOLLOW")
                            && status.apply().mode().equals("STRICT");
                });
    }

    /** What is committed at the source now is at the target then. */
    private void awaitApplied(Service service) {
        String position = source.value("SELECT pg_current_wal_insert_lsn()");
        Await.until(
                "it is applied",
                PATIENCE,
                () ->
                        service.control()
                                .status()
                                .apply()
                                .position()
                                .filter(
                                        at ->
                                                target.value(
                                                                "SELECT '%s'::pg_lsn >= '%s'::pg_lsn"
                                                                        .formatted(at, position))
                                                        .equals("t"))
                                .isPresent());
    }

    private Configuration configuration(String name, String... more) {
        return Configurations.of(source, target, name, stateDir, more);
    }
}
