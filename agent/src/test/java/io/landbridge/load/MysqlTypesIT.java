package io.landbridge.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.LoadConfig;
import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.schema.Sql;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlSchema;
import io.landbridge.schema.mysql.MysqlSql;
import io.landbridge.source.MysqlCopySource;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.MysqlTypeCase;
import io.landbridge.testkit.MysqlTypeCases;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * Every hard value of every type of MySQL and MariaDB goes through schema and load, and is what it
 * was.
 */
class MysqlTypesIT {

    private static final TablesConfig ALL = new TablesConfig(List.of("*.*"), List.of());

    @Test
    void everyValueOfMysqlArrivesExactly() {
        arrive(Servers.mysql().freshDatabase(), MysqlTypeCases.ALL);
    }

    @Test
    void everyValueOfMariadbArrivesExactly() {
        arrive(Servers.mariadb().freshDatabase(), MysqlTypeCases.ofMariadb());
    }

    private static void arrive(MysqlTestDatabase from, List<MysqlTypeCase> cases) {
        TestDatabase to = Servers.target().freshDatabase();
        List<String> sql = new ArrayList<>();
        sql.add("SET time_zone = '+00:00'; SET NAMES utf8mb4");
        for (int i = 0; i < cases.size(); i++) {
            MysqlTypeCase one = cases.get(i);
            sql.add("CREATE TABLE t" + i + " (id int PRIMARY KEY, v " + one.type() + ")");
            for (int n = 0; n < one.values().size(); n++) {
                sql.add("INSERT INTO t%d VALUES (%d, %s)".formatted(i, n, one.values().get(n)));
            }
            sql.add("INSERT INTO t" + i + " VALUES (-1, NULL)");
        }
        from.execute(sql.toArray(String[]::new));
        try (MysqlDatabase source = from.open(Side.SOURCE);
                Database target = to.open(Side.TARGET)) {
            MysqlSchema schema =
                    new MysqlSchema(
                            "types",
                            source,
                            target,
                            new SchemaConfig(SchemaConfig.Mode.CREATE, true, false, "none"),
                            ALL,
                            2);
            schema.prepare();
            try (BulkLoad load =
                    new BulkLoad(
                            new MysqlCopySource(source, schema.mapped()),
                            target,
                            "types",
                            schema.tables(),
                            schema.targetTables(),
                            Set.of(),
                            new LoadConfig(2, 500_000, 0))) {
                load.plan();
                assertThat(load.run()).isTrue();
            }
            SoftAssertions softly = new SoftAssertions();
            for (MappedTable table : schema.mapped()) {
                compare(softly, cases, table, source, target);
            }
            softly.assertAll();
        }
    }

    /** Both sides' canonical texts are those of the case. */
    private static void compare(
            SoftAssertions softly,
            List<MysqlTypeCase> cases,
            MappedTable table,
            MysqlDatabase source,
            Database target) {
        MysqlTypeCase one = cases.get(Integer.parseInt(table.sourceId().name().substring(1)));
        List<String> expected = new ArrayList<>();
        expected.add(null);
        expected.addAll(one.texts());
        String there =
                "SELECT %s FROM %s t ORDER BY id"
                        .formatted(
                                table.column("v").sourceSql("t"), MysqlSql.quote(table.sourceId()));
        String here =
                "SELECT %s FROM %s t ORDER BY id"
                        .formatted(table.column("v").targetSql("t"), Sql.quote(table.targetId()));
        List<String> ofSource = source.with("texts", connection -> texts(connection, there));
        List<String> ofTarget = target.with("texts", connection -> texts(connection, here));
        softly.assertThat(ofSource).as("the source's text of " + one).isEqualTo(expected);
        softly.assertThat(ofTarget)
                .as("PostgreSQL's text of " + one + " as " + table.column("v").type())
                .isEqualTo(expected);
    }

    private static List<String> texts(java.sql.Connection connection, String query)
            throws java.sql.SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            List<String> texts = new ArrayList<>();
            while (row.next()) {
                texts.add(row.getString(1));
            }
            return texts;
        }
    }
}
