package io.landbridge.assess;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.Migration;
import io.landbridge.config.Configuration;
import io.landbridge.config.ConfigurationLoader;
import io.landbridge.config.Overrides;
import io.landbridge.phase.MigrationStatus.Finding;
import io.landbridge.phase.Until;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user who may nothing, given exactly what the assessment asks for, brings it to the end. */
class LeastRightsIT {

    private static final int MOST_ROUNDS = 6;

    @TempDir Path stateDir;
    private final TestDatabase source = Servers.source().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();

    @AfterEach
    void dropRoles() {
        for (TestDatabase database : List.of(source, target)) {
            for (String role : List.of("mover", "shopkeeper")) {
                database.execute(
                        "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '"
                                + role
                                + "') THEN REASSIGN OWNED BY "
                                + role
                                + " TO CURRENT_USER; DROP OWNED BY "
                                + role
                                + "; DROP ROLE "
                                + role
                                + "; END IF; END $$");
            }
        }
    }

    @Test
    void whatTheAssessmentGrantsIsEnoughForEverything() throws InterruptedException {
        source.execute(
                "CREATE ROLE shopkeeper",
                "CREATE ROLE mover LOGIN PASSWORD 'secret'",
                "CREATE SCHEMA shop AUTHORIZATION shopkeeper",
                """
                SET ROLE shopkeeper;
                CREATE TABLE shop.customer (id serial PRIMARY KEY, name text UNIQUE);
                CREATE TABLE shop.purchase (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    customer int REFERENCES shop.customer, paid numeric);
                CREATE TABLE shop.visit (at timestamptz, customer int);
                ALTER TABLE shop.visit REPLICA IDENTITY FULL;
                INSERT INTO shop.customer (name) SELECT 'c' || i FROM generate_series(1, 500) i;
                INSERT INTO shop.purchase (customer, paid) SELECT i, i * 1.5
                FROM generate_series(1, 500) i;
                INSERT INTO shop.visit SELECT now(), i FROM generate_series(1, 100) i;
                """);
        target.execute("CREATE ROLE shopkeeper", "CREATE ROLE mover LOGIN PASSWORD 'secret'");

        grantWhatIsAskedFor();

        try (Migration migration = Migration.open(configuration())) {
            assertThat(migration.runUntil(Until.CAUGHT_UP)).isTrue();
            source.execute(
                    "INSERT INTO shop.customer (name) VALUES ('late')",
                    "UPDATE shop.purchase SET paid = 0 WHERE id < 10",
                    "DELETE FROM shop.visit WHERE customer < 50");
            assertThat(migration.runUntil(Until.COMPLETE)).isTrue();
        }
        RowsOf.assertEqual(source, target);
        assertThat(target.number("SELECT count(*) FROM shop.visit")).isEqualTo(51);
    }

    private void grantWhatIsAskedFor() {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<Finding> wanting =
                    Migration.configure()
                            .configuration(configuration())
                            .assess()
                            .findings()
                            .stream()
                            .filter(finding -> finding.severity().equals("BLOCKER"))
                            .toList();
            if (wanting.isEmpty()) {
                return;
            }
            for (Finding finding : wanting) {
                TestDatabase side = finding.code().startsWith("TARGET") ? target : source;
                side.execute(finding.whatToDo());
            }
        }
        throw new AssertionError("the assessment is never content");
    }

    private Configuration configuration() {
        return ConfigurationLoader.read(
                        """
                        migration:
                          name: least_rights
                        state-dir: %s
                        tables:
                          include: ['shop.*']
                        http:
                          port: -1
                        """
                                .formatted(stateDir),
                        "test",
                        Overrides.NONE
                                .with("source.url", "test", url(source))
                                .with("target.url", "test", url(target)),
                        Map.of())
                .configuration();
    }

    private static String url(TestDatabase database) {
        return "postgresql://mover:secret@%s:%d/%s"
                .formatted(database.config().host(), database.config().port(), database.name());
    }
}
