package io.landbridge.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.landbridge.Migration;
import io.landbridge.config.Configuration;
import io.landbridge.config.ConfigurationLoader;
import io.landbridge.config.Overrides;
import io.landbridge.phase.MigrationStatus.Finding;
import io.landbridge.phase.Service;
import io.landbridge.phase.Until;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code landbridge grants} prints, run by a superuser on each side, is enough for roles that
 * may nothing else. The servers are this test's own, because roles belong to a whole server.
 */
class GrantsIT {

    private static PostgresServer sourceServer;
    private static PostgresServer targetServer;

    @TempDir Path stateDir;
    private TestDatabase source;
    private TestDatabase target;

    @BeforeAll
    static void startServers() {
        sourceServer = PostgresServer.start(17, Map.of());
        targetServer = PostgresServer.start(17, Map.of());
        for (PostgresServer server : List.of(sourceServer, targetServer)) {
            server.createDatabase("roles")
                    .execute(
                            "CREATE ROLE shopkeeper",
                            "CREATE ROLE mover LOGIN PASSWORD 'secret'",
                            "CREATE ROLE copier LOGIN PASSWORD 'secret'");
        }
    }

    @AfterAll
    static void stopServers() {
        sourceServer.close();
        targetServer.close();
    }

    @BeforeEach
    void fillTheSource() {
        source = sourceServer.freshDatabase();
        target = targetServer.freshDatabase();
        source.execute(
                """
                CREATE SCHEMA shop AUTHORIZATION shopkeeper;
                SET ROLE shopkeeper;
                CREATE TABLE shop.customer (id serial PRIMARY KEY, name text UNIQUE);
                CREATE TABLE shop.purchase (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    customer int REFERENCES shop.customer, paid numeric);
                ALTER TABLE shop.purchase ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
                RESET ROLE;
                CREATE TABLE shop.audit (id int PRIMARY KEY, what text);
                INSERT INTO shop.customer (name) SELECT 'c' || i FROM generate_series(1, 100) i;
                INSERT INTO shop.purchase (customer, paid) SELECT i, i * 1.5
                FROM generate_series(1, 100) i;
                INSERT INTO shop.audit SELECT i, 'seen' FROM generate_series(1, 100) i;
                """);
    }

    @Test
    void areEnoughForAMoveAndForTheWayBack() {
        target.execute(
                """
                CREATE SCHEMA shop AUTHORIZATION shopkeeper;
                SET ROLE shopkeeper;
                CREATE TABLE shop.customer (id serial PRIMARY KEY, name text UNIQUE);
                """);
        String observed = "cutover: {mode: auto, observe: 1h}";

        grant("mover", observed);

        try (Service service = new Service(configuration("mover", observed))) {
            service.awaitPhase("MONITORING");
            target.execute(
                    "INSERT INTO shop.customer (name) VALUES ('late')",
                    "UPDATE shop.purchase SET paid = 0 WHERE id < 10",
                    "DELETE FROM shop.audit WHERE id < 50");
            Await.until(
                    "what was written to the target is at the source",
                    Duration.ofMinutes(1),
                    () -> source.number("SELECT count(*) FROM shop.audit") == 51);
            RowsOf.assertEqual(source, target);
            service.control().rollback();
            service.awaitPhase("ROLLED_BACK");
        }
        assertThat(source.number("SELECT count(*) FROM shop.purchase WHERE paid = 0")).isEqualTo(9);
    }

    @Test
    void rowSecurityThatWouldHideRowsFromARollbackIsFoundBefore() {
        String observed = "cutover: {observe: 1h}";
        grant("mover", observed);
        target.execute("ALTER ROLE mover NOBYPASSRLS");
        assertThat(
                        Migration.configure()
                                .configuration(configuration("mover", observed))
                                .assess()
                                .findings())
                .filteredOn(finding -> finding.severity().equals("BLOCKER"))
                .extracting(Finding::code, Finding::object)
                .containsExactly(tuple("ROW_SECURITY", "\"shop\".\"purchase\" at the target"));
    }

    @Test
    void ofACopyAreNoMoreThanToRead() throws InterruptedException {
        String copy = "migration: {name: grants, strategy: full-load}";

        grant("copier", copy);

        assertThat(
                        source.rows(
                                "SELECT m.roleid::regrole FROM pg_auth_members m"
                                        + " WHERE m.member = 'copier'::regrole"
                                        + " AND m.roleid = 'shopkeeper'::regrole"))
                .isEmpty();
        try (Migration migration = Migration.open(configuration("copier", copy))) {
            assertThat(migration.runUntil(Until.LOADED)).isTrue();
        }
        RowsOf.assertEqual(source, target);
    }

    /** Printed for a DBA, who asks on behalf of roles that could ask themselves just as well. */
    private void grant(String role, String more) {
        GrantScript script =
                Migration.configure()
                        .configuration(configuration(sourceServer.user(), more))
                        .grants(role, role);
        for (int time = 0; time < 2; time++) {
            source.execute(GrantScript.text(script.source()));
            target.execute(GrantScript.text(script.target()));
        }
        assertThat(List.of(GrantScript.text(script.source()), GrantScript.text(script.target())))
                .noneMatch(text -> text.contains("SUPERUSER"));
    }

    private Configuration configuration(String role, String more) {
        return ConfigurationLoader.read(
                        """
                        state-dir: %s
                        tables: {include: ['shop.*']}
                        http: {port: -1}
                        %s
                        """
                                .formatted(stateDir, more),
                        "test",
                        Overrides.NONE
                                .with("source.url", "test", url(source, role))
                                .with("source.password", "test", password(sourceServer, role))
                                .with("target.url", "test", url(target, role))
                                .with("target.password", "test", password(targetServer, role)),
                        Map.of())
                .configuration();
    }

    private static String url(TestDatabase database, String role) {
        return "postgresql://%s@%s:%d/%s"
                .formatted(
                        role, database.config().host(), database.config().port(), database.name());
    }

    private static String password(PostgresServer server, String role) {
        return role.equals(server.user()) ? server.password() : "secret";
    }
}
