package io.landbridge.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The agent as a process, killed in the middle of a validation. */
class KilledValidationIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int ROWS = 450_000;

    /** A part of about 150,000 rows takes two seconds. */
    private static final String SLOWLY =
            "validation:\n  workers: 1\n  throttle: 80000\ncutover:\n  observe: 1h\n";

    private final TestDatabase source = Servers.source().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();

    @Test
    void goesOnWhereItStoodAndClaimsNoMoreThanItKnows() throws Exception {
        source.execute(
                "create table big (id int primary key, v int)",
                "create table small (id int primary key, v int)",
                "insert into big select i, i from generate_series(1, " + ROWS + ") i",
                "insert into small select i, i from generate_series(1, 10) i");
        try (AgentHome home =
                new AgentHome(
                        "killed_" + source.name(), source.config(), target.config(), SLOWLY)) {
            try (AgentProcess agent = home.start("run")) {
                await("the agent follows", agent, () -> isFollowing(home));
                home.ask("validate");
                await("a part is found equal", agent, () -> !parts().isEmpty());
                agent.kill();
            }
            List<String> found = parts();
            damageTargetWithinThem();
            source.execute("update big set v = 0 where id % 10000 = 0");

            try (AgentProcess agent = home.start("run")) {
                await("the validation has ended", agent, () -> document("lastValidation") != null);
                assertTakenUp(home, found);
                assertRefusesToCutOver(home, agent);
                home.ask("rollback");
                await("all is gone", agent, () -> phase(home).equals("ROLLED_BACK"));
            }
        }
    }

    /** Parts of {@code big} that need not be compared again, with the position of each. */
    private List<String> parts() {
        return target.number("select count(*) from pg_class where relname = 'compared_part'") == 0
                ? List.of()
                : target.rows(
                        "select position from landbridge.compared_part"
                                + " where table_name = 'big' and position is not null");
    }

    /** Behind the applier's back, where the validation will not look again. */
    private void damageTargetWithinThem() {
        target.execute(
                """
                update big set v = -1 where id = (
                  select coalesce(lower_bound, '1')::int from landbridge.compared_part
                  where table_name = 'big' and position is not null order by part limit 1)""");
    }

    private void assertTakenUp(AgentHome home, List<String> found) throws IOException {
        JsonNode report = report(home);
        SourcePosition position = SourcePosition.parse(report.get("position").asText());
        JsonNode big = table(report, "big");

        assertThat(SourcePosition.parse(found.get(0)).covers(position)).isFalse();
        assertThat(big.get("outcome").asText()).isEqualTo("EQUAL");
        assertThat(big.get("position").asText()).isEqualTo(found.get(0));
        assertThat(big.get("sourceRows").asLong()).isEqualTo(ROWS);
        assertThat(big.get("comparedRows").asLong()).isEqualTo(ROWS);
        assertThat(table(report, "small").get("position").asText()).isEqualTo(position.text());
        assertThat(home.output()).content().contains("going on with a validation");
        assertThat(target.number("select count(*) from landbridge.compared_part")).isZero();
    }

    /** What was touched between both processes nobody has seen: the cutover looks at it all. */
    private void assertRefusesToCutOver(AgentHome home, AgentProcess agent) throws Exception {
        home.ask("cutover");
        await("the cutover is undone", agent, () -> outcome(home).equals("UNDONE"));
        assertThat(home.status().get("cutover").get("attempt").toString())
                .contains("VALIDATION_FAILED");
    }

    private static JsonNode report(AgentHome home) throws IOException {
        try (var files = Files.list(home.directory().resolve("state/reports"))) {
            Path json =
                    files.filter(file -> file.getFileName().toString().matches("valid.*json"))
                            .findAny()
                            .orElseThrow();
            return new ObjectMapper().readTree(json.toFile());
        }
    }

    private static JsonNode table(JsonNode report, String name) {
        for (JsonNode table : report.get("tables")) {
            if (table.get("table").toString().contains(name)) {
                return table;
            }
        }
        throw new AssertionError("no table " + name + " in " + report);
    }

    private static void await(String what, AgentProcess agent, Callable<Boolean> condition) {
        Await.until(
                what,
                PATIENCE,
                () -> {
                    assertThat(agent.isAlive()).as(agent.lastWords()).isTrue();
                    return condition.call();
                });
    }

    private static boolean isFollowing(AgentHome home) throws IOException, InterruptedException {
        return phase(home).equals("CDC")
                && home.status().get("apply").get("mode").asText().equals("STRICT");
    }

    private static String phase(AgentHome home) throws IOException, InterruptedException {
        return home.status().get("stage").get("phase").asText();
    }

    private static String outcome(AgentHome home) throws IOException, InterruptedException {
        return home.status().get("cutover").get("attempt").path("outcome").asText();
    }

    private String document(String field) {
        String value = target.value("select document->>'" + field + "' from landbridge.migration");
        return value.equals("∅") ? null : value;
    }
}
