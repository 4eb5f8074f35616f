package io.landbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.phase.Until;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole migrations, each a directory of SQL in {@code src/test/resources/scenarios}.
 *
 * <ul>
 *   <li>{@code source.sql}: what the source holds to begin with
 *   <li>{@code target.sql}: what the target holds, if anything
 *   <li>{@code during.sql}: what is written once the migration has caught up
 *   <li>{@code expect.sql}: after the cutover, every row of every query at the target is {@code t}
 * </ul>
 *
 * <p>All tables of the source are compared at the end, whatever is expected beside.
 */
class ScenarioIT {

    /** The one that is asked for by {@code scripts/dev scenario NAME}. */
    private static final String WANTED = System.getProperty("landbridge.scenario", "all");

    static Stream<String> scenarios() throws IOException, URISyntaxException {
        Path all = Path.of(ScenarioIT.class.getResource("/scenarios").toURI());
        try (Stream<Path> directories = Files.list(all)) {
            return directories
                    .map(directory -> directory.getFileName().toString())
                    .filter(name -> WANTED.equals("all") || WANTED.equals(name))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void migrates(String scenario) throws Exception {
        TestDatabase source = Servers.source().freshDatabase();
        TestDatabase target = Servers.target().freshDatabase();
        source.execute(sql(scenario, "source"));
        if (Files.exists(file(scenario, "target"))) {
            target.execute(sql(scenario, "target"));
        }
        try (AgentHome home =
                        new AgentHome(
                                "scenario_" + scenario.replace('-', '_'),
                                source.config(),
                                target.config(),
                                "schema:\n  set-replica-identity: true\n");
                Migration migration = Migration.open(home.configuration())) {
            assertThat(migration.runUntil(Until.CAUGHT_UP)).isTrue();
            source.execute(sql(scenario, "during"));
            assertThat(migration.runUntil(Until.COMPLETE)).isTrue();
        }
        RowsOf.assertEqual(source, target);
        expect(target, sql(scenario, "expect"));
    }

    private static void expect(TestDatabase target, String queries) throws SQLException {
        try (Connection connection = target.connect();
                Statement statement = connection.createStatement()) {
            for (String query : queries.split(";\n", -1)) {
                if (query.isBlank()) {
                    continue;
                }
                try (ResultSet rows = statement.executeQuery(query)) {
                    int count = 0;
                    for (; rows.next(); count++) {
                        assertThat(rows.getString(1)).as(query).isEqualTo("t");
                    }
                    assertThat(count).as("rows of " + query).isPositive();
                }
            }
        }
    }

    private static String sql(String scenario, String name) throws Exception {
        return Files.readString(file(scenario, name));
    }

    private static Path file(String scenario, String name) throws URISyntaxException {
        return Path.of(ScenarioIT.class.getResource("/scenarios/" + scenario).toURI())
                .resolve(name + ".sql");
    }
}
