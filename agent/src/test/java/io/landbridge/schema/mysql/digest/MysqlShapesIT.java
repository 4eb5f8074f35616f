package io.landbridge.schema.mysql.digest;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.LoadConfig;
import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.load.BulkLoad;
import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.FrozenDatabase;
import io.landbridge.schema.digest.KeyRange;
import io.landbridge.schema.digest.Sample;
import io.landbridge.schema.digest.TableReader;
import io.landbridge.schema.mysql.CounterpartStructure;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlSchema;
import io.landbridge.schema.mysql.MysqlStructure;
import io.landbridge.schema.structure.StructureComparison;
import io.landbridge.source.MysqlCopySource;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Schemas of the shapes that everybody knows move whole: a film rental, staff, a music shop. */
class MysqlShapesIT {

    private static final SchemaConfig CREATE =
            new SchemaConfig(SchemaConfig.Mode.CREATE, true, false, "none");
    private static final TablesConfig ALL = new TablesConfig(List.of("*.*"), List.of());

    private static final String NUMBERS =
            "(WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 300)"
                    + " SELECT n FROM s) AS numbers";

    @Test
    void filmRental() {
        move(
                9,
                "CREATE TABLE language (language_id tinyint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,"
                        + " name char(20) NOT NULL, last_update timestamp NOT NULL DEFAULT"
                        + " CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)",
                "CREATE TABLE film (film_id smallint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, title"
                        + " varchar(128) NOT NULL, description text, release_year year, language_id"
                        + " tinyint unsigned NOT NULL, original_language_id tinyint unsigned,"
                        + " rental_duration tinyint unsigned NOT NULL DEFAULT 3, rental_rate"
                        + " decimal(4,2) NOT NULL DEFAULT 4.99, rating"
                        + " enum('G','PG','PG-13','R','NC-17') DEFAULT 'G', special_features"
                        + " set('Trailers','Commentaries','Deleted Scenes','Behind the Scenes'),"
                        + " last_update timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE"
                        + " CURRENT_TIMESTAMP, KEY idx_title (title), FULLTEXT KEY idx_words (title,"
                        + " description), CONSTRAINT fk_film_language FOREIGN KEY (language_id)"
                        + " REFERENCES language (language_id) ON UPDATE CASCADE, CONSTRAINT"
                        + " fk_film_original FOREIGN KEY (original_language_id) REFERENCES language"
                        + " (language_id) ON DELETE SET NULL)",
                "CREATE TABLE address (address_id smallint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,"
                        + " address2 varchar(50) DEFAULT NULL, location geometry NOT NULL SRID 0,"
                        + " SPATIAL KEY idx_location (location))",
                "CREATE TABLE staff (staff_id tinyint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,"
                        + " address_id smallint unsigned NOT NULL, picture blob, active tinyint(1) NOT"
                        + " NULL DEFAULT 1, password varchar(40) CHARACTER SET utf8mb4 COLLATE"
                        + " utf8mb4_bin, FOREIGN KEY (address_id) REFERENCES address (address_id))",
                "CREATE TABLE film_actor (actor_id smallint unsigned NOT NULL, film_id smallint unsigned"
                        + " NOT NULL, PRIMARY KEY (actor_id, film_id), FOREIGN KEY (film_id) REFERENCES"
                        + " film (film_id))",
                "CREATE VIEW film_list AS SELECT title FROM film",
                "INSERT INTO language (name) VALUES ('English'), ('Français  ')",
                "INSERT INTO film (title, description, release_year, language_id, rating,"
                        + " special_features) SELECT CONCAT('Film ', n), IF(n % 3, REPEAT('é ', n),"
                        + " NULL), 1901 + n % 200, 1 + n % 2, 1 + n % 5, n % 16 FROM "
                        + NUMBERS,
                "INSERT INTO address (address2, location) SELECT IF(n % 2, '', NULL), POINT(n, n / 7e0)"
                        + " FROM "
                        + NUMBERS,
                "INSERT INTO staff (address_id, picture, active) SELECT n, UNHEX(MD5(n)), n % 2 FROM "
                        + NUMBERS
                        + " WHERE n < 200",
                "INSERT INTO film_actor SELECT n % 17, n FROM " + NUMBERS);
    }

    @Test
    void staff() {
        move(
                7,
                "CREATE TABLE employees (emp_no int NOT NULL PRIMARY KEY, birth_date date NOT NULL,"
                        + " first_name varchar(14) NOT NULL, gender enum('M','F') NOT NULL)",
                "CREATE TABLE departments (dept_no char(4) NOT NULL PRIMARY KEY, dept_name varchar(40)"
                        + " NOT NULL, UNIQUE KEY dept_name (dept_name))",
                "CREATE TABLE dept_emp (emp_no int NOT NULL, dept_no char(4) NOT NULL, from_date date NOT"
                        + " NULL, to_date date NOT NULL, PRIMARY KEY (emp_no, dept_no), KEY dept_no"
                        + " (dept_no), FOREIGN KEY (emp_no) REFERENCES employees (emp_no) ON DELETE"
                        + " CASCADE, FOREIGN KEY (dept_no) REFERENCES departments (dept_no) ON DELETE"
                        + " CASCADE)",
                "CREATE TABLE salaries (emp_no int NOT NULL, salary int NOT NULL, from_date date NOT NULL,"
                        + " to_date date NOT NULL, PRIMARY KEY (emp_no, from_date), FOREIGN KEY (emp_no)"
                        + " REFERENCES employees (emp_no) ON DELETE CASCADE)",
                "INSERT INTO employees SELECT n, '1950-01-01' + INTERVAL n * 37 DAY, CONCAT('N', n), 1 + n"
                        + " % 2 FROM "
                        + NUMBERS,
                "INSERT INTO departments SELECT CONCAT('d', LPAD(n, 3, '0')), CONCAT('Dept ', n) FROM "
                        + NUMBERS
                        + " WHERE n < 10",
                "INSERT INTO dept_emp SELECT n, CONCAT('d00', 1 + n % 9), '1990-01-01', '9999-01-01' FROM "
                        + NUMBERS,
                "INSERT INTO salaries SELECT n, 40000 + n, '1990-01-01', '9999-01-01' FROM "
                        + NUMBERS);
    }

    @Test
    void musicShop() {
        move(
                5,
                "CREATE TABLE `Artist` (`ArtistId` int NOT NULL AUTO_INCREMENT PRIMARY KEY, `Name`"
                        + " nvarchar(120))",
                "CREATE TABLE `Album` (`AlbumId` int NOT NULL AUTO_INCREMENT PRIMARY KEY, `Title`"
                        + " nvarchar(160) NOT NULL, `ArtistId` int NOT NULL, KEY `IFK_Artist`"
                        + " (`ArtistId`), FOREIGN KEY (`ArtistId`) REFERENCES `Artist` (`ArtistId`) ON"
                        + " DELETE NO ACTION ON UPDATE NO ACTION)",
                "CREATE TABLE `InvoiceLine` (`InvoiceLineId` int NOT NULL AUTO_INCREMENT PRIMARY KEY,"
                        + " `AlbumId` int NOT NULL, `UnitPrice` numeric(10,2) NOT NULL, `Quantity` int NOT"
                        + " NULL, `At` datetime NOT NULL, FOREIGN KEY (`AlbumId`) REFERENCES `Album`"
                        + " (`AlbumId`))",
                "INSERT INTO `Artist` (`Name`) SELECT CONCAT('Motörhead ', n) FROM " + NUMBERS,
                "INSERT INTO `Album` (`Title`, `ArtistId`) SELECT CONCAT('Ace ', n), 301 - n FROM "
                        + NUMBERS,
                "INSERT INTO `InvoiceLine` (`AlbumId`, `UnitPrice`, `Quantity`, `At`) SELECT n, n / 100, 1,"
                        + " '2009-01-01 00:00:00' + INTERVAL n HOUR FROM "
                        + NUMBERS);
    }

    /** Every table is equal afterwards, and so many keys and foreign keys hold. */
    private static void move(int constraints, String... sql) {
        MysqlTestDatabase from = Servers.mysql().freshDatabase();
        TestDatabase to = Servers.target().freshDatabase();
        from.execute(sql);
        try (MysqlDatabase source = from.open(Side.SOURCE);
                Database target = to.open(Side.TARGET)) {
            MysqlSchema schema = new MysqlSchema("shapes", source, target, CREATE, ALL, 2);
            schema.prepare();
            load(schema, source, target);
            schema.buildKeys(progress -> {});
            schema.buildRest(progress -> {});
            assertEqual(schema.mapped(), source, target);
            assertThat(
                            to.number(
                                    "SELECT count(*) FROM pg_constraint WHERE connamespace ="
                                            + " '\"%s\"'::regnamespace AND contype IN ('p', 'f') AND"
                                                    .formatted(from.name())
                                            + " convalidated"))
                    .isEqualTo(constraints);
            assertThat(
                            StructureComparison.compare(
                                    new MysqlStructure(source, target, CREATE, ALL),
                                    schema.tables(),
                                    new CounterpartStructure(target),
                                    schema.mapped().stream().map(MappedTable::asTarget).toList()))
                    .isEmpty();
        }
    }

    private static void load(MysqlSchema schema, MysqlDatabase source, Database target) {
        try (BulkLoad load =
                new BulkLoad(
                        new MysqlCopySource(source, schema.mapped()),
                        target,
                        "shapes",
                        schema.tables(),
                        schema.targetTables(),
                        Set.of(),
                        new LoadConfig(2, 500_000, 0))) {
            load.plan();
            assertThat(load.run()).isTrue();
        }
    }

    private static void assertEqual(
            List<MappedTable> tables, MysqlDatabase source, Database target) {
        try (FrozenMysql mysql = frozen(tables, source);
                FrozenDatabase postgres = FrozenDatabase.now(target).in(new RowWords(tables));
                TableReader here = mysql.reader();
                TableReader there = postgres.reader()) {
            for (MappedTable table : tables) {
                ComparedTable.Pair pair = ComparedTable.of(table.asSource(), table.asTarget());
                var ofSource = here.digest(pair.source(), KeyRange.ALL, Sample.EVERY_ROW, 1);
                var ofTarget = there.digest(pair.target(), KeyRange.ALL, Sample.EVERY_ROW, 1);
                assertThat(ofSource.rows()).as(table.sourceId().toString()).isPositive();
                assertThat(ofTarget.hash())
                        .as(table.sourceId().toString())
                        .isEqualTo(ofSource.hash());
            }
        }
    }

    private static FrozenMysql frozen(List<MappedTable> tables, MysqlDatabase source) {
        try {
            Connection session = source.open("test");
            try (Statement begin = session.createStatement()) {
                begin.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
            }
            return new FrozenMysql(source, tables, List.of(session));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
