package io.landbridge.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.config.LoadConfig;
import io.landbridge.config.MappingConfig;
import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.schema.mysql.MysqlSchema;
import io.landbridge.source.MysqlCopySource;
import io.landbridge.target.TableStates;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables of MySQL, with what belongs to them, become tables of PostgreSQL with all their rows. */
class MysqlLoadIT {

    private static final TablesConfig ALL = new TablesConfig(List.of("*.*"), List.of());

    /** Chunks so small that every table is cut. */
    private static final LoadConfig SMALL_CHUNKS = new LoadConfig(2, 700, 0);

    private final MysqlTestDatabase from = Servers.mysql().freshDatabase();
    private final TestDatabase to = Servers.target().freshDatabase();
    private final MysqlDatabase source = from.open(Side.SOURCE);
    private final Database target = to.open(Side.TARGET);

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    private MysqlSchema schema(MappingConfig mapping) {
        return new MysqlSchema(
                "load",
                source,
                target,
                new SchemaConfig(SchemaConfig.Mode.CREATE, true, false, "none", false, mapping),
                ALL,
                2);
    }

    private BulkLoad load(MysqlSchema schema) {
        return new BulkLoad(
                new MysqlCopySource(source, schema.mapped()),
                target,
                "load",
                schema.tables(),
                schema.targetTables(),
                Set.of(),
                SMALL_CHUNKS);
    }

    private MysqlSchema migrate(MappingConfig mapping) {
        MysqlSchema schema = schema(mapping);
        schema.prepare();
        try (BulkLoad load = load(schema)) {
            load.plan();
            assertThat(load.run()).isTrue();
        }
        schema.buildKeys(progress -> {});
        schema.buildRest(progress -> {});
        return schema;
    }

    private static String numbers(int count) {
        return "SET SESSION cte_max_recursion_depth = 100000;"
                + " CREATE TABLE numbers (n int PRIMARY KEY);"
                + " INSERT INTO numbers WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1"
                + " FROM s WHERE n < "
                + count
                + ") SELECT n FROM s; ANALYZE TABLE numbers";
    }

    private void analyze(String... tables) {
        for (String table : tables) {
            from.execute("ANALYZE TABLE " + table);
        }
    }

    private long chunks(String table) {
        return to.number(
                "SELECT count(*) FROM landbridge.chunk WHERE table_name = '" + table + "'");
    }

    @Test
    void cutsKeysOfEveryKindAndLosesNoRow() {
        from.execute(
                numbers(5_000),
                "CREATE TABLE gaps (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, v text)",
                "INSERT INTO gaps SELECT n + IF(n > 2500, 9000000000000000000, 0), 'x' FROM numbers",
                "CREATE TABLE composite (a varchar(10), b int, v datetime(3), PRIMARY KEY (a, b))",
                "INSERT INTO composite SELECT CONCAT('k''', n % 7), n, NOW(3) FROM numbers",
                "CREATE TABLE texts (k varchar(20) CHARACTER SET latin1 PRIMARY KEY, v int)",
                "INSERT INTO texts SELECT CONCAT('é\\\\', n), n FROM numbers",
                "CREATE TABLE bytes (k binary(4) PRIMARY KEY, v int)",
                "INSERT INTO bytes SELECT UNHEX(LPAD(HEX(n), 8, '0')), n FROM numbers",
                "CREATE TABLE days (d date, n int, PRIMARY KEY (d, n))",
                "INSERT INTO days SELECT '2020-01-01' + INTERVAL n % 50 DAY, n FROM numbers",
                "CREATE TABLE by_label (e enum('z', 'a'), n int, PRIMARY KEY (e, n))",
                "INSERT INTO by_label SELECT IF(n % 2, 'z', 'a'), n FROM numbers",
                "CREATE TABLE nothing (id int PRIMARY KEY)");
        analyze("gaps", "composite", "texts", "bytes", "days", "by_label");

        migrate(MappingConfig.DEFAULT);

        String schema = '"' + from.name() + '"';
        for (String table :
                List.of(
                        "numbers",
                        "gaps",
                        "composite",
                        "texts",
                        "bytes",
                        "days",
                        "by_label",
                        "nothing")) {
            assertThat(to.number("SELECT count(*) FROM " + schema + "." + table))
                    .as(table)
                    .isEqualTo(from.number("SELECT count(*) FROM " + table));
        }
        assertThat(to.value("SELECT sum(id) FROM " + schema + ".gaps"))
                .isEqualTo(from.value("SELECT sum(id) FROM gaps"));
        assertThat(to.value("SELECT string_agg(k, ',' ORDER BY v) FROM " + schema + ".texts"))
                .isEqualTo(String.join(",", from.rows("SELECT k FROM texts ORDER BY v")));
        for (String table : List.of("numbers", "gaps", "composite", "texts", "bytes", "days")) {
            assertThat(chunks(table)).as("chunks of " + table).isBetween(4L, 30L);
        }
        assertThat(chunks("by_label")).isEqualTo(1);
    }

    @Test
    void makesKeysIndexesForeignKeysTriggersAndComments() {
        from.execute(
                "CREATE TABLE customers (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,"
                        + " email varchar(100) NOT NULL DEFAULT 'it''s \\\\ x', note text, UNIQUE KEY"
                        + " email (email), KEY note_prefix (note(20)), FULLTEXT KEY words (note))"
                        + " COMMENT 'who; buys'",
                "CREATE TABLE orders (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,"
                        + " customer int unsigned, status enum('new','paid','it''s') NOT NULL DEFAULT"
                        + " 'new', tags set('a','b c') DEFAULT 'a,b c', paid tinyint(1) NOT NULL"
                        + " DEFAULT 0, price decimal(10,2) DEFAULT 1.50, flags bit(3) DEFAULT b'101',"
                        + " created datetime(3) DEFAULT CURRENT_TIMESTAMP(3), changed timestamp NULL"
                        + " DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, `select` int"
                        + " COMMENT 'odd', total decimal(12,2) AS (price * 2) STORED, KEY by_customer"
                        + " (customer, created DESC), CONSTRAINT fk FOREIGN KEY (customer) REFERENCES"
                        + " customers (id) ON DELETE SET NULL)",
                "CREATE TABLE items (order_id bigint unsigned NOT NULL, n int NOT NULL, PRIMARY KEY"
                        + " (order_id, n), FOREIGN KEY (order_id) REFERENCES orders (id))",
                "INSERT INTO customers (email) VALUES ('a@x')",
                "INSERT INTO orders (customer) VALUES (1)",
                "INSERT INTO items VALUES (1, 1)");
        MysqlSchema schema =
                migrate(
                        new MappingConfig(
                                Map.of(),
                                Map.of(),
                                Map.of(from.name(), "shop"),
                                Map.of(from.name() + ".items", "shop.order_lines"),
                                false,
                                MappingConfig.Enums.TYPE,
                                MappingConfig.CaseInsensitive.PLAIN,
                                MappingConfig.ZeroDates.REFUSE));

        assertThat(
                        to.value(
                                "SELECT status, tags, paid, price, flags, \"select\", total FROM"
                                        + " shop.orders"))
                .isEqualTo("new|{a,\"b c\"}|f|1.50|101|∅|3.00");
        assertThat(
                        to.rows(
                                "SELECT conname FROM pg_constraint WHERE conrelid IN"
                                        + " ('shop.orders'::regclass, 'shop.order_lines'::regclass,"
                                        + " 'shop.customers'::regclass) AND contype IN ('p', 'f') AND"
                                        + " convalidated ORDER BY 1"))
                .containsExactly(
                        "customers_pkey", "fk", "items_ibfk_1", "order_lines_pkey", "orders_pkey");
        assertThat(
                        to.rows(
                                "SELECT indexname FROM pg_indexes WHERE schemaname = 'shop' AND"
                                        + " indexname LIKE '%idx' ORDER BY 1"))
                .containsExactly(
                        "customers_email_idx",
                        "customers_note_prefix_idx",
                        "customers_words_idx",
                        "orders_by_customer_idx");
        assertThat(to.value("SELECT obj_description('shop.customers'::regclass)"))
                .isEqualTo("who; buys");
        to.execute(
                "INSERT INTO shop.customers (id) VALUES (7)",
                "UPDATE shop.orders SET changed = '2001-01-01+00'",
                "UPDATE shop.orders SET price = 2");
        assertThat(to.value("SELECT email FROM shop.customers WHERE id = 7"))
                .isEqualTo("it's \\ x");
        assertThat(to.value("SELECT changed > '2002-01-01+00' FROM shop.orders")).isEqualTo("t");
        assertThat(schema.mapped()).hasSize(3);
        assertThat(schema.removeCreated()).isEmpty();
        assertThat(to.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'shop'")).isZero();
    }

    /** What MySQL computes before the move PostgreSQL computes after it, alike. */
    @Test
    void translatesGeneratedColumnsChecksAndIndexesOverExpressions() {
        String columns = "(id, price, qty, name, doc, d, paid)";
        from.execute(
                "CREATE TABLE calc (id int PRIMARY KEY, price decimal(10,2), qty int, name varchar(50),"
                        + " doc json, d date, paid tinyint(1), total decimal(20,2) AS (price * qty -"
                        + " 1.005) STORED, label varchar(120) AS (concat(upper(name), '-', qty)), big"
                        + " tinyint(1) AS (qty > 5 or not paid), city varchar(50) AS"
                        + " (doc->>'$.address.city'), y int AS (year(d) * 10000 + month(d)), size"
                        + " varchar(10) AS (case when qty > 10 then 'lar''ge' when qty is null then null"
                        + " else 'small' end), net decimal(10,2) AS (if(paid, price - 1,"
                        + " ifnull(price, 0))), half decimal(10,2) AS (price / 2), CHECK (qty >= -5 AND"
                        + " price BETWEEN 0 AND 100000), CONSTRAINT known CHECK (name IN ('ann', 'Bob',"
                        + " '') or name like 'x%'), CONSTRAINT odd CHECK (regexp_like(name, '.*')),"
                        + " KEY low ((lower(name))), KEY twice ((qty * 2) DESC, name), UNIQUE KEY u"
                        + " ((concat(id, name))), KEY c ((cast(doc->>'$.address.city' as char(20)))))",
                "INSERT INTO calc "
                        + columns
                        + " VALUES (1, 1.50, 7, 'ann', '{\"address\": {\"city\": \"Ulm\"}}',"
                        + " '2020-02-29', 1)");
        List<String> notes =
                MysqlSchema.script(
                                source,
                                new SchemaConfig(SchemaConfig.Mode.CREATE, true, false, "none"),
                                ALL)
                        .notes();
        migrate(MappingConfig.DEFAULT);
        String table = '"' + from.name() + "\".calc";
        List<String> rows = new ArrayList<>();
        for (int i = 2; i < 40; i++) {
            rows.add(
                    "INSERT INTO %s %s VALUES (%d, %s, %s, %s, %s, %s, %s)"
                            .formatted(
                                    "%s",
                                    columns,
                                    i,
                                    i % 7 == 0 ? "NULL" : i * 3 + "." + i % 10 + "5",
                                    i % 11 == 0 ? "NULL" : i - 7,
                                    List.of("'ANN'", "'bob'", "''", "'Xy'", "NULL").get(i % 5),
                                    List.of(
                                                    "NULL",
                                                    "'{}'",
                                                    "'{\"address\": {\"city\": null}}'",
                                                    "'{\"address\": {\"city\": [1, \"a\"]}}'")
                                            .get(i % 4),
                                    i % 6 == 0 ? "NULL" : "'20%02d-0%d-07'".formatted(i, i % 9 + 1),
                                    i % 3 == 0 ? "NULL" : i % 2 == 0));
        }
        rows.forEach(
                row -> {
                    from.execute(row.formatted("calc"));
                    to.execute(row.formatted(table));
                });
        to.execute("UPDATE " + table + " SET half = price / 2, label = 'never'");
        String query = "SELECT id, total, label, %s, city, y, size, net FROM %s ORDER BY id";
        assertThat(to.rows(query.formatted("big::integer", table)))
                .isEqualTo(from.rows(query.formatted("big + 0", "calc")));
        for (String refused :
                List.of("(90, 1, -6, 'ann'", "(91, -1, 1, 'ann'", "(92, 1, 1, 'eve'")) {
            assertThatThrownBy(
                            () ->
                                    to.execute(
                                            "INSERT INTO %s (id, price, qty, name) VALUES %s)"
                                                    .formatted(table, refused)))
                    .as(refused)
                    .hasMessageContaining("check constraint");
        }
        assertThat(to.rows("SELECT indexname FROM pg_indexes WHERE tablename = 'calc' ORDER BY 1"))
                .containsExactly("calc_low_idx", "calc_pkey", "calc_twice_idx", "calc_u_idx");
        assertThat(notes)
                .hasSize(3)
                .anyMatch(note -> note.contains("half"))
                .anyMatch(note -> note.contains("odd"))
                .anyMatch(note -> note.contains("index c"));
    }

    @ParameterizedTest
    @EnumSource(
            value = MappingConfig.CaseInsensitive.class,
            names = {"CITEXT", "COLLATION"})
    void caseDoesNotCountWhereThatIsAskedFor(MappingConfig.CaseInsensitive way) {
        from.execute(
                "CREATE TABLE users (mail varchar(40) COLLATE utf8mb4_0900_as_ci PRIMARY KEY, token"
                        + " varchar(40) COLLATE utf8mb4_bin UNIQUE, note text COLLATE"
                        + " utf8mb4_0900_ai_ci, KEY by_note (note(5)))",
                "CREATE TABLE posts (id int PRIMARY KEY, author varchar(40) COLLATE utf8mb4_0900_as_ci,"
                        + " FOREIGN KEY (author) REFERENCES users (mail))",
                "INSERT INTO users VALUES ('Ann@x', 'a', 'Straße'), ('bob@x', 'A', NULL)",
                "INSERT INTO posts VALUES (1, 'ANN@x'), (2, 'Bob@X')");
        migrate(
                new MappingConfig(
                        Map.of(),
                        Map.of(),
                        Map.of(from.name(), "shop"),
                        Map.of(),
                        false,
                        MappingConfig.Enums.TYPE,
                        way,
                        MappingConfig.ZeroDates.REFUSE));
        assertThat(to.rows("SELECT author FROM shop.posts ORDER BY id"))
                .containsExactly("ANN@x", "Bob@X");
        assertThat(to.number("SELECT count(*) FROM shop.posts JOIN shop.users ON author = mail"))
                .isEqualTo(2);
        assertThat(to.number("SELECT count(*) FROM shop.users WHERE mail = 'BOB@X'")).isOne();
        assertThat(to.number("SELECT count(*) FROM shop.users WHERE token = 'A'")).isOne();
        assertThatThrownBy(() -> to.execute("INSERT INTO shop.users VALUES ('ANN@X', 'b', '')"))
                .hasMessageContaining("users_pkey");
    }

    /** What is said of columns counts before what is said of types. */
    @Test
    void typesAreOverriddenByTypePatternAndColumn() {
        from.execute(
                "CREATE TABLE t (id int PRIMARY KEY, a_flag tinyint(1), b_flag tinyint(1), n tinyint,"
                        + " doc json, other json, day datetime, kind enum('x'))",
                "INSERT INTO t VALUES (1, 1, 7, 3, '[1]', '[1e2]', '2024-02-29 00:00:00', 'x')");
        migrate(
                new MappingConfig(
                        Map.of("json", "json", "tinyint", "bigint", "datetime", "timestamptz(3)"),
                        Map.of("*.*.a_*", "boolean", from.name() + ".t.other", "text"),
                        Map.of(from.name(), "shop"),
                        Map.of(),
                        false,
                        MappingConfig.Enums.TEXT,
                        MappingConfig.CaseInsensitive.PLAIN,
                        MappingConfig.ZeroDates.REFUSE));
        assertThat(
                        to.rows(
                                "SELECT attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute"
                                        + " WHERE attrelid = 'shop.t'::regclass AND attnum > 1 ORDER BY attnum"))
                .containsExactly(
                        "a_flag boolean",
                        "b_flag bigint",
                        "n bigint",
                        "doc json",
                        "other text",
                        "day timestamp(3) with time zone",
                        "kind text");
        assertThat(
                        to.value(
                                "SELECT a_flag, b_flag, doc, other, day AT TIME ZONE 'UTC' FROM shop.t"))
                .isEqualTo("t|7|[1]|[100.0]|2024-02-29 00:00:00");
    }

    @Test
    void takesTablesThatAUserMadeAsTheyAre() {
        from.execute(
                "CREATE TABLE t (id int PRIMARY KEY, flag tinyint(1), j json, k binary(16))",
                "INSERT INTO t VALUES (1, 1, '{\"a\": 1}', UNHEX(REPEAT('0f', 16)))");
        to.execute(
                "CREATE SCHEMA " + from.name(),
                "CREATE TABLE "
                        + from.name()
                        + ".t (id bigint PRIMARY KEY, flag smallint, j json, k uuid)");
        migrate(MappingConfig.DEFAULT);
        assertThat(to.value("SELECT id, flag, j, k FROM " + from.name() + ".t"))
                .isEqualTo("1|1|{\"a\": 1}|0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f");
    }

    @Test
    void readsATableWithoutAKeyAtOnePlaceInTheLogOnceWritersAreDone() throws Exception {
        from.execute("CREATE TABLE log (v int)", "INSERT INTO log VALUES (1)");
        MysqlSchema schema = schema(MappingConfig.DEFAULT);
        schema.prepare();
        try (Connection writer = from.connect();
                Statement write = writer.createStatement();
                BulkLoad load = load(schema)) {
            load.plan();
            writer.setAutoCommit(false);
            write.execute("INSERT INTO log VALUES (2)");
            CompletableFuture<Boolean> run = CompletableFuture.supplyAsync(load::run);
            Await.until(
                    "the load waits for the writer",
                    Duration.ofMinutes(1),
                    () ->
                            from.number(
                                            "SELECT count(*) FROM information_schema.processlist"
                                                    + " WHERE info LIKE 'LOCK TABLES%'")
                                    > 0);
            writer.commit();
            assertThat(run.get()).isTrue();
        }
        assertThat(to.rows("SELECT v FROM " + from.name() + ".log ORDER BY v"))
                .containsExactly("1", "2");
        String position =
                target.with("states", new TableStates("load")::read).values().stream()
                        .flatMap(state -> state.snapshot().stream())
                        .findFirst()
                        .orElseThrow();
        assertThat(position).matches("binlog\\.\\d+:\\d+@[0-9a-f-]{36}");
    }

    @Test
    void goesOnWithTheChunksThatAreNotDone() throws SQLException {
        from.execute(numbers(5_000));
        MysqlSchema schema = schema(MappingConfig.DEFAULT);
        schema.prepare();
        try (BulkLoad load = load(schema)) {
            load.plan();
        }
        to.execute("UPDATE landbridge.chunk SET done_at = now(), rows = 0, bytes = 0 WHERE id = 1");
        try (BulkLoad load = load(schema)) {
            load.plan();
            assertThat(load.run()).isTrue();
        }
        assertThat(to.number("SELECT count(*) FROM " + from.name() + ".numbers"))
                .isBetween(3_500L, 4_999L);
    }
}
