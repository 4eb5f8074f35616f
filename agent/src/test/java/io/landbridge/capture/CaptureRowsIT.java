package io.landbridge.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.testkit.Servers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What row images hold under each replica identity, kind of table and name. */
class CaptureRowsIT {

    private static String show(RowImage image) {
        if (image == null) {
            return "-";
        }
        List<String> values = new ArrayList<>();
        for (int i = 0; i < image.size(); i++) {
            String text = image.isUnchanged(i) ? "=" : image.text(i);
            values.add(text != null && text.length() > 20 ? text.length() + "" : text);
        }
        return values.toString();
    }

    private static String show(Change change) {
        return change.operation()
                + " "
                + change.layout().keyColumns()
                + " "
                + show(change.before())
                + " "
                + show(change.after());
    }

    private static List<String> changes(CaptureFixture fixture, String... sql) {
        int before = fixture.buffer.changes().size();
        fixture.database.execute(sql);
        fixture.drain();
        List<Change> all = fixture.buffer.changes();
        return all.subList(before, all.size()).stream().map(CaptureRowsIT::show).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 17})
    void imagesFollowTheReplicaIdentity(int major) {
        try (CaptureFixture fixture =
                new CaptureFixture(
                        Servers.postgres(major).freshDatabase(),
                        "CREATE TABLE d (id int PRIMARY KEY, u int NOT NULL UNIQUE, v text)",
                        "CREATE TABLE i (LIKE d INCLUDING ALL)",
                        "ALTER TABLE i REPLICA IDENTITY USING INDEX i_u_key",
                        "CREATE TABLE f (LIKE d INCLUDING ALL)",
                        "ALTER TABLE f REPLICA IDENTITY FULL",
                        "CREATE TABLE keyless (a int, b text)",
                        "ALTER TABLE keyless REPLICA IDENTITY FULL")) {
            fixture.start();
            String[] work = {
                "INSERT INTO %s VALUES (1, 10, 'a')",
                "UPDATE %s SET v = NULL",
                "UPDATE %s SET id = 2",
                "UPDATE %s SET u = 20",
                "DELETE FROM %s"
            };
            assertThat(changes(fixture, on("d", work)))
                    .containsExactly(
                            "INSERT [id] - [1, 10, a]",
                            "UPDATE [id] - [1, 10, null]",
                            "UPDATE [id] [1, =, =] [2, 10, null]",
                            "UPDATE [id] - [2, 20, null]",
                            "DELETE [id] [2, =, =] -");
            assertThat(changes(fixture, on("i", work)))
                    .containsExactly(
                            "INSERT [u] - [1, 10, a]",
                            "UPDATE [u] - [1, 10, null]",
                            "UPDATE [u] - [2, 10, null]",
                            "UPDATE [u] [=, 10, =] [2, 20, null]",
                            "DELETE [u] [=, 20, =] -");
            assertThat(changes(fixture, on("f", work)))
                    .containsExactly(
                            "INSERT [id] - [1, 10, a]",
                            "UPDATE [id] [1, 10, a] [1, 10, null]",
                            "UPDATE [id] [1, 10, null] [2, 10, null]",
                            "UPDATE [id] [2, 10, null] [2, 20, null]",
                            "DELETE [id] [2, 20, null] -");
            assertThat(
                            changes(
                                    fixture,
                                    "INSERT INTO keyless VALUES (NULL, ''), (NULL, '')",
                                    "UPDATE keyless SET a = 1",
                                    "TRUNCATE keyless, d"))
                    .containsExactly(
                            "INSERT [] - [null, ]",
                            "INSERT [] - [null, ]",
                            "UPDATE [] [null, ] [1, ]",
                            "UPDATE [] [null, ] [1, ]",
                            "TRUNCATE [] - -",
                            "TRUNCATE [id] - -");
        }
    }

    private static String[] on(String table, String... sql) {
        String[] filled = new String[sql.length];
        for (int i = 0; i < sql.length; i++) {
            filled[i] = String.format(sql[i], table);
        }
        return filled;
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 17})
    void valuesOutOfLineThatDidNotChangeAreUnchanged(int major) {
        String big = "(SELECT string_agg(md5(g::text), '') FROM generate_series(1, 1000) g)";
        try (CaptureFixture fixture =
                new CaptureFixture(
                        Servers.postgres(major).freshDatabase(),
                        "CREATE TABLE d (id int PRIMARY KEY, big text, v int)",
                        "CREATE TABLE f (LIKE d INCLUDING ALL)",
                        "ALTER TABLE f REPLICA IDENTITY FULL")) {
            fixture.start();
            String[] work = {
                "INSERT INTO %s VALUES (1, " + big + ", 1)",
                "UPDATE %s SET v = 2",
                "UPDATE %s SET id = 3",
                "UPDATE %s SET big = big || 'x'"
            };
            assertThat(changes(fixture, on("d", work)))
                    .containsExactly(
                            "INSERT [id] - [1, 32000, 1]",
                            "UPDATE [id] - [1, =, 2]",
                            "UPDATE [id] [1, =, =] [3, =, 2]",
                            "UPDATE [id] - [3, 32001, 2]");
            assertThat(changes(fixture, on("f", work)))
                    .containsExactly(
                            "INSERT [id] - [1, 32000, 1]",
                            "UPDATE [id] [1, 32000, 1] [1, 32000, 2]",
                            "UPDATE [id] [1, 32000, 2] [3, 32000, 2]",
                            "UPDATE [id] [3, 32000, 2] [3, 32001, 2]");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 14})
    void anyNameComesThrough(int major) {
        String longest = "ü".repeat(31) + "x";
        try (CaptureFixture fixture =
                new CaptureFixture(
                        Servers.postgres(major).freshDatabase(),
                        List.of("*.*"),
                        "CREATE SCHEMA \"S \"\"x\"\".y\"",
                        "CREATE TABLE \"S \"\"x\"\".y\".\"Ta.ble\" (\"id\" int PRIMARY KEY, \"ID\" int,"
                                + " \"\"\"q\"\"\" int, \""
                                + longest
                                + "\" int)",
                        "CREATE TABLE \"" + longest + "\" (\"select\" int PRIMARY KEY)")) {
            fixture.start();
            fixture.database.execute(
                    "INSERT INTO \"S \"\"x\"\".y\".\"Ta.ble\" VALUES (1, 2, 3, 4)",
                    "INSERT INTO \"" + longest + "\" VALUES (5)");
            fixture.drain();
            List<Change> changes = fixture.buffer.changes();
            assertThat(changes.get(0).table().schema()).isEqualTo("S \"x\".y");
            assertThat(changes.get(0).table().name()).isEqualTo("Ta.ble");
            assertThat(changes.get(0).layout().columns())
                    .containsExactly("id", "ID", "\"q\"", longest);
            assertThat(show(changes.get(0))).isEqualTo("INSERT [id] - [1, 2, 3, 4]");
            assertThat(changes.get(1).table().name()).isEqualTo(longest);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 17})
    void partitionsChangeTheirRoot(int major) {
        try (CaptureFixture fixture =
                new CaptureFixture(
                        Servers.postgres(major).freshDatabase(),
                        "CREATE TABLE p (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
                        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
                        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)"
                                + " PARTITION BY RANGE (id)",
                        // Its columns stand in another order.
                        "CREATE TABLE p21 (v text, id int NOT NULL, PRIMARY KEY (id))",
                        "ALTER TABLE p2 ATTACH PARTITION p21 FOR VALUES FROM (10) TO (20)")) {
            fixture.start();
            fixture.database.execute(
                    "INSERT INTO p VALUES (1, 'a')",
                    "UPDATE p SET id = 11",
                    "DELETE FROM p21",
                    "TRUNCATE p");
            fixture.drain();
            List<Change> changes = fixture.buffer.changes();
            assertThat(changes.stream().map(c -> c.table().name()).distinct()).containsExactly("p");
            assertThat(changes.stream().map(Change::operation))
                    .containsExactly(
                            Operation.INSERT,
                            Operation.DELETE,
                            Operation.INSERT,
                            Operation.DELETE,
                            Operation.TRUNCATE);
            Change moved = changes.get(2);
            assertThat(moved.after().text(moved.layout().columns().indexOf("v"))).isEqualTo("a");
        }
    }

    /** PostgreSQL 12 can publish leaves only: they are tables of their own then. */
    @Test
    void leavesStandForThemselvesWhereRootsCantBePublished() {
        try (CaptureFixture fixture =
                new CaptureFixture(
                        Servers.postgres(12).freshDatabase(),
                        "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
                        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)")) {
            fixture.start();
            fixture.database.execute(
                    "INSERT INTO p VALUES (1)", "UPDATE p SET id = 11", "TRUNCATE p2");
            fixture.drain();
            assertThat(fixture.buffer.changes().stream().map(c -> c.table().name() + " " + show(c)))
                    .containsExactly(
                            "p1 INSERT [id] - [1]",
                            "p1 DELETE [id] [1] -",
                            "p2 INSERT [id] - [11]",
                            "p2 TRUNCATE [id] - -");
        }
    }

    @Test
    void layoutsFollowTheLogNotTheCatalogue() {
        try (CaptureFixture fixture =
                new CaptureFixture(
                        Servers.postgres(14).freshDatabase(),
                        "CREATE TABLE a (id int PRIMARY KEY, b text, g int GENERATED ALWAYS AS (id *"
                                + " 2) STORED)")) {
            // All of it lies in the log before the capture reads the first row.
            fixture.database.execute(
                    "INSERT INTO a VALUES (1, 'x')",
                    "ALTER TABLE a ADD c int DEFAULT 7",
                    "INSERT INTO a VALUES (2, 'y')",
                    "ALTER TABLE a DROP b",
                    "INSERT INTO a VALUES (3)",
                    "ALTER TABLE a RENAME c TO d",
                    "UPDATE a SET d = 8 WHERE id = 3",
                    "DROP TABLE a");
            fixture.start();
            fixture.drain();
            assertThat(fixture.buffer.changes().stream().map(c -> c.layout().columns() + show(c)))
                    .containsExactly(
                            "[id, b]INSERT [id] - [1, x]",
                            "[id, b, c]INSERT [id] - [2, y, 7]",
                            "[id, c]INSERT [id] - [3, 7]",
                            "[id, d]UPDATE [id] - [3, 8]");
        }
    }

    @Test
    void otherTablesAreLeftOut() {
        try (CaptureFixture fixture =
                new CaptureFixture(
                        Servers.postgres(14).freshDatabase(),
                        List.of("public.a"),
                        "CREATE TABLE a (id int PRIMARY KEY)",
                        "CREATE TABLE b (id int PRIMARY KEY)",
                        "CREATE TABLE child (x int) INHERITS (a)")) {
            fixture.start();
            assertThat(
                            changes(
                                    fixture,
                                    "INSERT INTO b VALUES (1)",
                                    "INSERT INTO child VALUES (2)",
                                    "INSERT INTO a VALUES (3)"))
                    .containsExactly("INSERT [id] - [3]");
        }
    }
}
