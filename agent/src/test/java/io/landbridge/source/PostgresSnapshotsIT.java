package io.landbridge.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.offsets.Lsn;
import io.landbridge.schema.digest.FrozenDatabase;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresSnapshotsIT {

    private static final Pattern INSERT =
            Pattern.compile(
                    ".*table public\\.t: INSERT: writer\\[integer\\]:(\\d+) n\\[integer\\]:(\\d+)");

    @ParameterizedTest
    @ValueSource(ints = {12, 14, 17})
    void showsExactlyWhatEndsBeforeItsPosition(int major) throws Exception {
        TestDatabase test = Servers.postgres(major).freshDatabase();
        test.execute("CREATE TABLE t (writer int, n int)");
        String slot = "snapshots_it_" + major;
        test.value("SELECT pg_create_logical_replication_slot('" + slot + "', 'test_decoding')");
        ExecutorService writers = Executors.newFixedThreadPool(4);
        AtomicBoolean over = new AtomicBoolean();
        try (Database database = test.open(Side.SOURCE)) {
            List<Future<?>> running = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                int number = writer;
                running.add(writers.submit(() -> write(test, number, over)));
            }
            List<Seen> seen = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                seen.add(look(database));
            }
            over.set(true);
            for (Future<?> one : running) {
                one.get();
            }
            assertThat(seen.get(seen.size() - 1).rows).isNotEmpty();
            for (Seen one : seen) {
                assertThat(one.rows).isEqualTo(committedBefore(test, slot, one.position));
            }
        } finally {
            over.set(true);
            writers.shutdown();
            test.execute("SELECT pg_drop_replication_slot('" + slot + "')");
        }
        assertThat(
                        test.number(
                                "SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE"
                                        + " 'landbridge_snapshot%'"))
                .isZero();
    }

    private record Seen(Lsn position, Set<String> rows) {}

    private static Void write(TestDatabase test, int writer, AtomicBoolean over)
            throws SQLException {
        try (Connection connection = test.connect();
                Statement statement = connection.createStatement()) {
            for (int n = 0; !over.get() || n < 50; n++) {
                statement.execute("INSERT INTO t VALUES (" + writer + ", " + n + ")");
            }
        }
        return null;
    }

    private static Seen look(Database database) throws SQLException {
        try (PositionedSnapshot snapshot =
                        new PostgresSnapshots(database).open(Duration.ofSeconds(30));
                Connection reader = ((FrozenDatabase) snapshot.tables()).open("test");
                Statement statement = reader.createStatement();
                ResultSet row = statement.executeQuery("SELECT writer, n FROM public.t")) {
            Set<String> rows = new HashSet<>();
            while (row.next()) {
                rows.add(row.getInt(1) + "/" + row.getInt(2));
            }
            return new Seen((Lsn) snapshot.position(), rows);
        }
    }

    /** What the log says: rows of the transactions whose commit ends at or before the position. */
    private static Set<String> committedBefore(TestDatabase test, String slot, Lsn position) {
        Set<String> rows = new HashSet<>();
        List<String> transaction = new ArrayList<>();
        for (String line :
                test.rows(
                        "SELECT lsn || ' ' || data FROM pg_logical_slot_peek_changes('"
                                + slot
                                + "', NULL, NULL)")) {
            Matcher insert = INSERT.matcher(line);
            if (insert.matches()) {
                transaction.add(insert.group(1) + "/" + insert.group(2));
            } else if (line.contains(" COMMIT ")) {
                // test_decoding names a commit by its end.
                if (position.covers(Lsn.parse(line.substring(0, line.indexOf(' '))))) {
                    rows.addAll(transaction);
                }
                transaction.clear();
            }
        }
        return rows;
    }

    @Test
    void namesTheTransactionThatKeepsItWaiting() throws Exception {
        TestDatabase test = Servers.source().freshDatabase();
        test.execute("CREATE TABLE t (secret text)");
        try (Database database = test.open(Side.SOURCE);
                Connection writer = test.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO t VALUES ('hunter2')");
            ResultSet pid = statement.executeQuery("SELECT pg_backend_pid()");
            pid.next();
            String writerPid = "pid " + pid.getInt(1);
            PostgresSnapshots snapshots = new PostgresSnapshots(database);
            assertThatThrownBy(() -> snapshots.open(Duration.ofMillis(300)))
                    .isInstanceOfSatisfying(
                            Fault.class,
                            fault -> {
                                assertThat(fault.code()).isEqualTo(FaultCode.SOURCE_LOCK_TIMEOUT);
                                assertThat(fault.getMessage())
                                        .contains(writerPid, "idle in transaction")
                                        .doesNotContain("hunter2");
                            });
            writer.commit();
            try (PositionedSnapshot snapshot = snapshots.open(Duration.ofSeconds(10));
                    Connection reader = ((FrozenDatabase) snapshot.tables()).open("test");
                    Statement look = reader.createStatement();
                    ResultSet row = look.executeQuery("SELECT count(*) FROM public.t")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(1);
            }
        }
    }
}
