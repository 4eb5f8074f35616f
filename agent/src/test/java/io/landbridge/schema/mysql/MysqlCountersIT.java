package io.landbridge.schema.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.schema.Counters;
import io.landbridge.schema.Sequence;
import io.landbridge.schema.Sequences;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** AUTO_INCREMENT and identities go on where the other stood, both ways. */
class MysqlCountersIT {

    private static final TablesConfig ALL = new TablesConfig(List.of("*.*"), List.of());

    private final MysqlTestDatabase from = Servers.mysql().freshDatabase();
    private final TestDatabase to = Servers.target().freshDatabase();

    @Test
    void countersGoOnWhereTheOthersStoodBothWays() {
        from.execute(
                "CREATE TABLE a (id int AUTO_INCREMENT PRIMARY KEY, v int)",
                "CREATE TABLE b (id int unsigned AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = 500",
                "CREATE TABLE tiny (id tinyint AUTO_INCREMENT PRIMARY KEY)",
                "CREATE TABLE plain (id int PRIMARY KEY)",
                "INSERT INTO a (v) VALUES (1), (2), (3)",
                "INSERT INTO a (v) VALUES (4); DELETE FROM a WHERE v = 4");
        try (MysqlDatabase mysql = from.open(Side.SOURCE);
                Database postgres = to.open(Side.TARGET)) {
            MysqlSchema schema =
                    new MysqlSchema(
                            "counters",
                            mysql,
                            postgres,
                            new SchemaConfig(SchemaConfig.Mode.CREATE, true, false, "none"),
                            ALL,
                            2);
            schema.prepare();
            List<MappedTable> tables = schema.mapped();
            Counters forth = Counters.of(postgres);
            forth.set(MysqlSequences.read(mysql, tables));
            assertThat(to.value(insert(".a (v) VALUES (5)"))).isEqualTo("5");
            assertThat(to.value(insert(".b DEFAULT VALUES"))).isEqualTo("500");
            to.execute(
                    "SELECT nextval(pg_get_serial_sequence('" + from.name() + ".a', 'id'))",
                    "CREATE SEQUENCE " + from.name() + ".own",
                    "SELECT setval(pg_get_serial_sequence('" + from.name() + ".tiny', 'id'), 120)");
            // What the applier does: rows come with the values that they have.
            from.execute(
                    "INSERT INTO a VALUES (5, 5)",
                    "INSERT INTO b VALUES (500), (700)",
                    "INSERT INTO tiny VALUES (3)");

            MysqlCounters back = new MysqlCounters(mysql, tables);
            List<Sequence> all =
                    Sequences.read(
                            postgres, ALL, tables.stream().map(MappedTable::asTarget).toList());
            assertThat(back.absent(all)).extracting(one -> one.id().name()).containsExactly("own");
            List<Sequence> wanted =
                    all.stream().filter(one -> !back.absent(all).contains(one)).toList();
            assertThat(names(back.differing(wanted)))
                    .containsExactlyInAnyOrder("a_id_seq", "tiny_id_seq");
            back.set(wanted);
            assertThat(back.differing(wanted)).isEmpty();
            from.execute("INSERT INTO a (v) VALUES (7)", "INSERT INTO b VALUES ()");
            assertThat(from.value("SELECT MAX(id) FROM a")).isEqualTo("7");
            assertThat(from.value("SELECT MAX(id) FROM b")).isEqualTo("701");

            Sequence beyond =
                    wanted.stream()
                            .filter(one -> one.id().name().equals("tiny_id_seq"))
                            .map(one -> one.at(300, true))
                            .findAny()
                            .orElseThrow();
            back.set(List.of(beyond));
            assertThat(back.differing(List.of(beyond))).containsExactly(beyond);
        }
    }

    private String insert(String rows) {
        return "INSERT INTO " + from.name() + rows + " RETURNING id";
    }

    private static Set<String> names(List<Sequence> sequences) {
        return sequences.stream()
                .map(one -> one.id().name())
                .collect(java.util.stream.Collectors.toSet());
    }
}
