package io.landbridge.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** SIGTERM while the agent waits for something that would take ten minutes. */
class StopIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestDatabase source = Servers.source().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();

    @Test
    void endsAnIndexBuildAndTheNextStartMakesIt() {
        source.execute(
                "create table slow (id int primary key)",
                """
                create function slowly(id int) returns int immutable language plpgsql as $$
                begin
                    perform pg_sleep(coalesce(nullif(current_setting('test.slow', true), ''), '0')
                        ::float8);
                    return id;
                end $$;
                """,
                "create index slow_index on slow (slowly(id))",
                "insert into slow values (1)");
        target.execute("alter database \"" + target.name() + "\" set test.slow = '600'");
        try (AgentHome home = home()) {
            try (AgentProcess agent = home.start("run")) {
                Await.until("the index is being built", PATIENCE, () -> sessions("PgSleep") > 0);
                assertThat(agent.stop(Duration.ofMinutes(1))).as("exit status").isZero();
            }
            Await.until("nothing of it is left at the target", PATIENCE, () -> sessions("") == 0);
            assertThat(target.value("select to_regclass('slow_index')")).isEqualTo("∅");

            target.execute("alter database \"" + target.name() + "\" reset test.slow");
            try (AgentProcess agent = home.start("migrate", "--until", "caught-up")) {
                assertThat(agent.await(PATIENCE)).as("exit status%s", agent.lastWords()).isZero();
            }
        }
        assertThat(target.value("select to_regclass('slow_index')")).isEqualTo("slow_index");
        RowsOf.assertEqual(source, target);
    }

    private AgentHome home() {
        return new AgentHome("stop_" + source.name(), source.config(), target.config(), "");
    }

    /** Sessions of the agent at the target that wait so; of all, for an empty {@code event}. */
    private long sessions(String event) {
        return target.number(
                "select count(*) from pg_stat_activity where datname = current_database()"
                        + " and application_name like 'landbridge%'"
                        + (event.isEmpty() ? "" : " and wait_event = '" + event + "'"));
    }
}
