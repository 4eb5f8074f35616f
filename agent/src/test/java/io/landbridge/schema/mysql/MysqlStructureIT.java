package io.landbridge.schema.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.MappingConfig;
import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.schema.structure.StructureComparison;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What MySQL's tables are made of, beside what PostgreSQL's have of it. */
class MysqlStructureIT {

    private final MysqlTestDatabase from = Servers.mysql().freshDatabase();
    private final TestDatabase to = Servers.target().freshDatabase();

    private void createTables() {
        from.execute(
                "CREATE TABLE Customers (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, Email"
                        + " varchar(100) NOT NULL DEFAULT '', note text, vip tinyint(1), opens time,"
                        + " UNIQUE KEY by_mail (Email), KEY note_prefix (note(20)), FULLTEXT KEY words"
                        + " (note), KEY low ((LOWER(Email))))",
                "INSERT INTO Customers (vip, opens) VALUES (1, '09:00:00')",
                "CREATE TABLE orders (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, customer int"
                        + " unsigned, state enum('new', 'paid') NOT NULL, made datetime, seen datetime"
                        + " NOT NULL, CHECK (seen > made), KEY by_customer (customer, made DESC),"
                        + " CONSTRAINT of_customer FOREIGN KEY (customer) REFERENCES Customers (id) ON"
                        + " UPDATE RESTRICT ON DELETE CASCADE)",
                "CREATE TABLE pairs (a int NOT NULL, b varchar(9) NOT NULL, c json, UNIQUE KEY (b, a))");
    }

    private SchemaConfig config() {
        return new SchemaConfig(
                SchemaConfig.Mode.CREATE,
                true,
                false,
                "none",
                false,
                new MappingConfig(
                        Map.of(),
                        Map.of(),
                        Map.of(from.name(), "shop"),
                        Map.of(from.name() + ".pairs", "shop.couples"),
                        true,
                        MappingConfig.Enums.TYPE,
                        MappingConfig.CaseInsensitive.PLAIN,
                        MappingConfig.ZeroDates.REFUSE));
    }

    private List<String> compare() {
        TablesConfig all = new TablesConfig(List.of("*.*"), List.of());
        try (MysqlDatabase source = from.open(Side.SOURCE);
                Database target = to.open(Side.TARGET)) {
            MysqlSchema schema = new MysqlSchema("structure", source, target, config(), all, 2);
            if (to.number("SELECT count(*) FROM pg_tables WHERE schemaname = 'shop'") == 0) {
                schema.prepare();
                schema.buildKeys(progress -> {});
                schema.buildRest(progress -> {});
            }
            return StructureComparison.compare(
                            new MysqlStructure(source, target, config(), all),
                            schema.tables(),
                            new CounterpartStructure(target),
                            schema.mapped().stream().map(MappedTable::asTarget).toList())
                    .stream()
                    .map(
                            one ->
                                    (one.blocks() ? "! " : "")
                                            + one.kind()
                                            + " "
                                            + one.aspect()
                                            + " "
                                            + one.table()
                                            + " "
                                            + one.name())
                    .toList();
        }
    }

    @Test
    void whatWasMadeOfItLacksNothing() {
        createTables();
        assertThat(compare()).isEmpty();
        assertThat(
                        to.rows(
                                "SELECT data_type FROM information_schema.columns WHERE table_name ="
                                        + " 'customers' AND column_name IN ('vip', 'opens') ORDER BY 1"))
                .containsExactly("boolean", "time without time zone");
    }

    @Test
    void namesWhatTheTargetLacks() {
        createTables();
        assertThat(compare()).isEmpty();
        to.execute(
                "ALTER TABLE shop.customers ALTER email DROP NOT NULL, ALTER id DROP IDENTITY",
                "DROP INDEX shop.customers_by_mail_idx",
                "ALTER TABLE shop.customers ADD CONSTRAINT otherwise UNIQUE (id, email)",
                "DROP INDEX shop.orders_by_customer_idx",
                "ALTER TABLE shop.orders DROP CONSTRAINT of_customer, ADD FOREIGN KEY (customer)"
                        + " REFERENCES shop.customers (id) ON DELETE SET NULL, ALTER made TYPE"
                        + " timestamp(6)",
                "ALTER INDEX shop.couples_b_idx RENAME TO whatever");
        assertThat(compare())
                .containsExactlyInAnyOrder(
                        "! MISSING NOT_NULL shop.customers email",
                        "! MISSING DEFAULT shop.customers id",
                        "! MISSING UNIQUE_INDEX shop.customers (email)",
                        "EXTRA UNIQUE_INDEX shop.customers (id, email)",
                        "MISSING INDEX shop.orders (customer, made)",
                        "! MISSING CONSTRAINT shop.orders FOREIGN KEY (customer) REFERENCES"
                                + " shop.customers (id) ON DELETE CASCADE",
                        "EXTRA CONSTRAINT shop.orders FOREIGN KEY (customer) REFERENCES"
                                + " shop.customers (id) ON DELETE SET NULL",
                        "DIFFERENT TYPE shop.orders made");
    }
}
