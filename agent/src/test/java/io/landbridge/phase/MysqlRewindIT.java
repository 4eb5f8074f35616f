package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** As {@link RewindIT}, from MySQL: its log has the old values of every row. */
class MysqlRewindIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final MysqlTestDatabase source = Servers.mysql().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();

    @Test
    void takesTheTargetBackAndGoesOnFromThere() {
        source.execute(
                "CREATE TABLE item (id int AUTO_INCREMENT PRIMARY KEY, place int UNIQUE, v json, at"
                        + " datetime(6))",
                "CREATE TABLE bare (a int, b varchar(20))",
                "INSERT INTO item (place, v, at) VALUES (1, '{\"n\": 1}', NOW(6)), (2, '[]', NULL),"
                        + " (3, NULL, NULL)",
                "INSERT INTO bare VALUES (1, 'x'), (1, 'x'), (2, 'y')");
        String items = "SELECT id, place, v, at FROM " + source.name() + ".item ORDER BY id";
        String bare = "SELECT a, b FROM " + source.name() + ".bare ORDER BY a, b";
        try (AgentHome home =
                        new AgentHome(
                                "rewinds_mysql",
                                source.config(),
                                target.config(),
                                "tables:\n  include: ['"
                                        + source.name()
                                        + ".*']\nrollback:\n  history: 1h\n");
                Service service = new Service(home.configuration())) {
            Await.until(
                    "it follows",
                    PATIENCE,
                    () ->
                            service.isIn("CDC")
                                    && service.control().status().apply().mode().equals("STRICT"));
            source.execute(
                    "INSERT INTO item (place) VALUES (4)", "DELETE FROM bare WHERE a = 1 LIMIT 1");
            awaitApplied(items, "4|4|∅|∅");
            List<String> itemsThen = target.rows(items);
            List<String> bareThen = target.rows(bare);
            Instant moment = Instant.now();
            source.execute(
                    "UPDATE item SET v = '\"a bad deploy\"', place = -place",
                    "DELETE FROM item WHERE id = 2",
                    "UPDATE bare SET b = 'bad'",
                    "INSERT INTO item (place) VALUES (9)");
            awaitApplied(items, "5|9|∅|∅");
            service.control().rollbackTo(moment);
            Await.until(
                    "it is taken back, is " + service.control().status().faults(),
                    PATIENCE,
                    () -> service.control().status().stage().rewound().isPresent());
            assertThat(target.rows(items)).isEqualTo(itemsThen);
            assertThat(target.rows(bare)).isEqualTo(bareThen);
            service.control().resume();
            awaitApplied(items, "5|9|∅|∅");
            assertThat(target.rows(bare)).containsExactly("1|bad", "2|bad");
            service.control().rollback();
            service.awaitPhase("ROLLED_BACK");
        }
    }

    private void awaitApplied(String query, String last) {
        Await.until(
                "'" + last + "' is applied",
                PATIENCE,
                () -> {
                    List<String> rows = target.rows(query);
                    return rows.get(rows.size() - 1).equals(last);
                });
    }
}
