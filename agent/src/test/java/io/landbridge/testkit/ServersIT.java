package io.landbridge.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.testkit.PostgresServer.Shutdown;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kit that proves the others is proven itself. */
class ServersIT {

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 17})
    void startsEveryVersionForLogicalReplication(int major) {
        TestDatabase database = Servers.postgres(major).freshDatabase();
        assertThat(database.number("SHOW server_version_num") / 10_000).isEqualTo(major);
        assertThat(database.value("SHOW wal_level")).isEqualTo("logical");
        try (Database product = database.open(Side.SOURCE);
                Connection connection = product.open("test")) {
            assertThat(connection.isValid(5)).isTrue();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void keepsDataAndPortOverBothKindsOfRestart() {
        try (PostgresServer server = PostgresServer.start(14, Map.of("work_mem", "5MB"))) {
            TestDatabase database = server.createDatabase("Kept \"db\"");
            database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
            server.restart(Shutdown.FAST);
            server.restart(Shutdown.IMMEDIATE);
            assertThat(database.number("SELECT id FROM t")).isEqualTo(1);
            assertThat(database.value("SHOW work_mem")).isEqualTo("5MB");
        }
    }

    @Test
    void comparisonFindsMissingExtraAndChangedRowsAndCountsDuplicates() {
        TestDatabase left = Servers.source().freshDatabase();
        TestDatabase right = Servers.target().freshDatabase();
        String tables =
                "CREATE TABLE keyed (id int PRIMARY KEY, t text, f float8);"
                        + "CREATE TABLE \"Key less\" (a text, b bytea);";
        left.execute(
                tables,
                "INSERT INTO keyed VALUES (1, 'same', 0.1), (2, '', -0.0), (3, E'a\\tb\\\\c\\n', 1),"
                        + " (4, 'gone', 1)",
                "INSERT INTO \"Key less\" VALUES ('x', '\\x00ff'), ('x', '\\x00ff'), ('é', NULL)");
        right.execute(
                tables,
                "INSERT INTO keyed VALUES (1, 'same', 0.1), (2, NULL, 0.0), (3, E'a\\tb\\\\c\\n', 1),"
                        + " (5, 'new', 1)",
                "INSERT INTO \"Key less\" VALUES ('é', NULL), ('x', '\\x00ff')");
        List<RowsOf.Comparison> all =
                RowsOf.compare(left.config(), right.config(), RowsOf.tables(left.config()));
        assertThat(all)
                .extracting(one -> one.table().name() + " -" + one.missing() + " +" + one.extra())
                .containsExactly("Key less -1 +0", "keyed -2 +2");
        assertThatThrownBy(() -> RowsOf.assertEqual(left, right))
                .hasMessageContaining("(4,gone,1)");
        RowsOf.assertEqual(left, left);
    }

    @Test
    void proxyCutsStallsAndRestores() throws Exception {
        DatabaseConfig direct = Servers.source().freshDatabase().config();
        try (Proxy proxy = new Proxy(direct.host(), direct.port());
                Database database = new Database(proxy.through(direct), Side.SOURCE);
                Connection first = database.open("test")) {
            assertThat(first.isValid(5)).isTrue();
            proxy.stall();
            assertThat(first.isValid(1)).isFalse();
            proxy.cut();
            assertThatThrownBy(() -> database.open("test")).hasMessageContaining("[08");
            proxy.restore();
            try (Connection second = database.open("test");
                    Statement statement = second.createStatement()) {
                assertThat(statement.execute("SELECT 1")).isTrue();
            }
        }
    }

    @Test
    void waitingEndsWithTheConditionOrSaysWhatWasWaitedFor() {
        Await.until("it holds", Duration.ZERO, () -> true);
        assertThatThrownBy(
                        () ->
                                Await.until(
                                        "pigs fly",
                                        Duration.ofMillis(50),
                                        () -> {
                                            throw new SQLException("no wings");
                                        }))
                .hasMessageContaining("pigs fly")
                .hasRootCauseMessage("no wings");
    }
}
