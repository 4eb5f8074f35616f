package io.landbridge.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.TableId;
import io.landbridge.config.LoadConfig;
import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.config.ValidationConfig.Mode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.load.BulkLoad;
import io.landbridge.schema.Table;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlSchema;
import io.landbridge.schema.mysql.digest.RowWords;
import io.landbridge.schema.mysql.digest.SharedSessions;
import io.landbridge.source.MysqlCopySource;
import io.landbridge.source.PostgresSnapshots;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PostgreSQL is compared with the MySQL that changes flow back to. */
class BackwardValidationIT {

    private static final int ROWS = 3_000;

    private final MysqlTestDatabase old = Servers.mysql().freshDatabase();
    private final TestDatabase now = Servers.target().freshDatabase();
    private final MysqlDatabase mysql = old.open(Side.SOURCE);
    private final Database postgres = now.open(Side.TARGET);
    private List<MappedTable> tables;

    @BeforeEach
    void load() {
        old.execute(
                "CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY, total decimal(10,2), at"
                        + " datetime(3), seen timestamp(6) NULL, paid tinyint(1), rate double, doc"
                        + " json, tags set('a','b c'), state enum('new','paid, late'))",
                "CREATE TABLE uuids (id char(36) PRIMARY KEY, v int)",
                "CREATE TABLE days (day date, word varchar(20) COLLATE utf8mb4_0900_ai_ci, PRIMARY"
                        + " KEY (day, word))",
                "CREATE TABLE hours (at timestamp(3) PRIMARY KEY, v year)",
                "CREATE TABLE bytes (id binary(16) PRIMARY KEY, span time(3))",
                "CREATE TABLE keyless (a int, b varchar(20))",
                "SET SESSION cte_max_recursion_depth = 100000; SET time_zone = '+00:00'; INSERT INTO"
                        + " orders (total, at, seen, paid, rate, doc, tags, state) WITH RECURSIVE n"
                        + " AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n WHERE i < "
                        + ROWS
                        + ") SELECT i / 7, '2024-02-29 23:59:59.5', NOW(6), i % 2, i / 7e30,"
                        + " JSON_OBJECT('n', i / 7e10), 'a,b c', 'paid, late' FROM n",
                "INSERT INTO uuids SELECT UUID(), id FROM orders",
                "INSERT INTO days SELECT '1000-01-01' + INTERVAL id DAY, CONCAT('Wört ', id) FROM"
                        + " orders",
                "INSERT INTO hours SELECT '2001-01-01' + INTERVAL id HOUR, 1901 + id % 100 FROM orders",
                "INSERT INTO bytes SELECT UNHEX(MD5(id)), SEC_TO_TIME(id * 100 - 150000) FROM orders",
                "INSERT INTO keyless SELECT id % 7, CONCAT('row ', id % 50) FROM orders");
        MysqlSchema schema =
                new MysqlSchema(
                        "back",
                        mysql,
                        postgres,
                        new SchemaConfig(SchemaConfig.Mode.CREATE, true, false, "none"),
                        new TablesConfig(List.of("*.*"), List.of()),
                        2);
        schema.prepare();
        tables = schema.mapped();
        try (BulkLoad load =
                new BulkLoad(
                        new MysqlCopySource(mysql, tables),
                        postgres,
                        "back",
                        schema.tables(),
                        schema.targetTables(),
                        Set.of(),
                        new LoadConfig(2, 500_000, 0))) {
            load.plan();
            assertThat(load.run()).isTrue();
        }
    }

    @AfterEach
    void close() {
        mysql.close();
        postgres.close();
    }

    private TableId there(String table) {
        return new TableId(old.name(), table);
    }

    private ValidationReport compare(Scope scope) {
        Map<TableId, Table> counterparts =
                tables.stream()
                        .map(MappedTable::asSource)
                        .collect(Collectors.toMap(Table::id, Function.identity()));
        Rendezvous rendezvous =
                new Rendezvous(
                        new PostgresSnapshots(postgres, new RowWords(tables)),
                        () -> SharedSessions.open(mysql, tables, 2),
                        ApplyGate.STANDING,
                        () -> {},
                        Rendezvous.Limits.DEFAULT);
        return new Validation(
                        "back",
                        rendezvous,
                        tables.stream().map(MappedTable::asTarget).toList(),
                        counterparts,
                        new ValidationOptions(Mode.FULL, 500, 2, 1_000, 200_000))
                .runStanding(scope, Map.of());
    }

    @Test
    void findsWhatDiffersAndNothingElse() {
        ValidationReport clean = compare(Scope.EVERYTHING);
        assertThat(clean.clean()).as("%s", clean.tables()).isTrue();
        assertThat(clean.comparedRows()).isEqualTo(6L * ROWS);

        old.execute(
                "UPDATE orders SET total = total + 0.01 WHERE id = 1000",
                "DELETE FROM uuids WHERE v = 7",
                "INSERT INTO days VALUES ('1999-12-31', 'more')",
                "UPDATE hours SET v = 1900 + 2 WHERE v = 1901 LIMIT 1",
                "UPDATE bytes SET span = '00:00:00.001' WHERE span = '00:00:00' LIMIT 1",
                "DELETE FROM keyless LIMIT 1");
        ValidationReport damaged = compare(Scope.EVERYTHING);
        assertThat(damaged.failed()).hasSize(6);
        assertThat(damaged.failed()).allMatch(table -> table.found() == 1);
    }

    @Test
    void looksUpSingleRowsByTheKeysOfPostgresChanges() {
        now.execute(
                "UPDATE %1$s.orders SET total = 5 WHERE id = 3".formatted(old.name()),
                "UPDATE %1$s.uuids SET v = -1 WHERE v = 9".formatted(old.name()));
        List<String> uuid =
                now.rows("SELECT id FROM %s.uuids WHERE v IN (-1, 10)".formatted(old.name()));
        String day = now.value("SELECT min(day)::text FROM %s.days".formatted(old.name()));
        String word =
                now.value("SELECT word FROM %s.days ORDER BY day LIMIT 1".formatted(old.name()));
        List<String> bytes =
                now.rows("SELECT id::text FROM %s.bytes LIMIT 2".formatted(old.name()));
        Scope touched =
                Scope.of(
                        Map.of(
                                there("orders"), rows(List.of("3"), List.of("4")),
                                there("uuids"), rows(List.of(uuid.get(0)), List.of(uuid.get(1))),
                                there("days"), rows(List.of(day, word)),
                                there("hours"), rows(List.of("2001-01-01 01:00:00+00")),
                                there("bytes"), rows(List.of(bytes.get(0)), List.of(bytes.get(1))),
                                there("keyless"), Scope.Rows.ALL));
        ValidationReport report = compare(touched);
        assertThat(report.failed())
                .extracting(TableResult::table)
                .containsExactlyInAnyOrder(there("orders"), there("uuids"));
        assertThat(report.comparedRows()).isEqualTo(8L + ROWS);
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // read only
    private static Scope.Rows rows(List<String>... keys) {
        return Scope.Rows.of(List.of(keys));
    }
}
