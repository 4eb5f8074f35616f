package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.Configuration;
import io.landbridge.phase.MigrationStatus.Attempt;
import io.landbridge.phase.MigrationStatus.CutoverState;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PgBouncer;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cutover --dry-run}: finds what there is to find, and leaves nothing. */
class RehearsalIT {

    private static final String TABLES =
            """
            CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text);
            CREATE TABLE nokey (v text)""";

    @TempDir Path stateDir;

    private final TestDatabase source = Servers.source().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();

    @Test
    void provesTheWayBackTellsTheExpectedPauseAndLeavesNothing() throws Exception {
        source.execute(TABLES);
        target.execute(TABLES);
        source.execute(
                "ALTER TABLE nokey REPLICA IDENTITY FULL",
                "INSERT INTO t (v) SELECT i::text FROM generate_series(1, 100) i");
        try (PgBouncer bouncer = PgBouncer.start(source, "transaction");
                Connection writer = source.connect();
                Statement statement = writer.createStatement()) {
            Configuration config =
                    Configurations.of(
                            source,
                            target,
                            "rehearses",
                            stateDir,
                            "schema: existing",
                            "cutover:",
                            "  observe: 1h",
                            Configurations.traffic(bouncer, "transaction"));
            try (Service service = new Service(config)) {
                assertThat(rehearse(service).failure().orElseThrow())
                        .contains("nothing has been validated yet");
                service.validate();
                writer.setAutoCommit(false);
                statement.execute("UPDATE t SET v = 'open' WHERE id = 1");
                assertThat(rehearse(service).outcome()).isEqualTo("DONE");
                writer.commit();
                CutoverState cutover = service.control().status().cutover();
                assertThat(detail(cutover, "READY"))
                        .contains(
                                "the fence would wait for: pid",
                                "idle in transaction",
                                "superuser");
                assertThat(detail(cutover, "TAKE_DOWN")).contains("expected pause: about");
                assertThat(cutover.notReady()).isEmpty();
            }
            assertThat(
                            source.rows(
                                    "SELECT slot_name FROM pg_replication_slots WHERE database ="
                                            + " current_database() UNION ALL SELECT nspname FROM"
                                            + " pg_namespace WHERE nspname = 'landbridge' UNION ALL"
                                            + " SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
                    .containsExactly("landbridge_rehearses");
            assertThat(
                            target.rows(
                                    "SELECT slot_name FROM pg_replication_slots WHERE database ="
                                            + " current_database() UNION ALL SELECT pubname FROM"
                                            + " pg_publication UNION ALL SELECT relname FROM pg_class"
                                            + " WHERE relreplident = 'f' AND relname = 'nokey' UNION"
                                            + " ALL SELECT table_name FROM landbridge.replica_identity"))
                    .isEmpty();
        }
    }

    private static String detail(CutoverState cutover, String step) {
        return cutover.steps().stream()
                .filter(one -> one.name().equals(step))
                .findAny()
                .orElseThrow()
                .detail();
    }

    private static Attempt rehearse(Service service) {
        service.awaitPhase("CDC");
        Await.until(
                "it follows closely",
                Duration.ofMinutes(2),
                () -> service.control().status().stage().step().equals("FOLLOW"));
        var before = service.control().status().cutover().attempt();
        service.control().rehearse();
        Await.until(
                "the dry run is over",
                Duration.ofMinutes(2),
                () -> {
                    MigrationStatus now = service.control().status();
                    return now.stage().step().equals("FOLLOW")
                            && now.cutover()
                                    .attempt()
                                    .filter(one -> before.filter(one::equals).isEmpty())
                                    .filter(one -> one.outcome().contains("DONE"))
                                    .isPresent();
                });
        return service.control().status().cutover().attempt().orElseThrow();
    }
}
