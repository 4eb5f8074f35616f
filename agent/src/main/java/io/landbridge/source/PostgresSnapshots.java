package io.landbridge.source;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.Lsn;
import io.landbridge.schema.digest.FrozenDatabase;
import io.landbridge.schema.digest.RowText;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.postgresql.PGConnection;

/**
 * Snapshots of the source whose place in its log is known exactly.
 *
 * <p>An ordinary snapshot has none: transactions become visible in an order that is not quite that
 * of their commit records. Creating a logical slot, however, builds a snapshot from the log itself,
 * at its consistent point. The slot is temporary and lives only until a transaction of ours has
 * taken the snapshot over: it keeps no log back afterwards.
 *
 * @see <a href="https://www.postgresql.org/docs/17/protocol-replication.html">
 *     CREATE_REPLICATION_SLOT</a>
 */
public final class PostgresSnapshots implements Snapshots {

    private static final String QUERY_CANCELED = "57014";

    private final Database source;
    private final RowText words;

    /** Snapshots that put rows into words of their own. */
    public PostgresSnapshots(Database source) {
        this(source, RowText.OWN);
    }

    /** Snapshots whose rows are put into {@code words}. */
    public PostgresSnapshots(Database source, RowText words) {
        this.source = source;
        this.words = words;
    }

    /**
     * The source as of a place that is not before the present end of its log. Waits for every
     * transaction that has written and has not ended.
     *
     * @throws Fault SOURCE_LOCK_TIMEOUT, naming the transactions waited for, when they don't end
     *     within {@code timeout}; and the faults of {@link Database}
     */
    @Override
    public PositionedSnapshot open(Duration timeout) {
        try (Connection replication = connect();
                Statement create = replication.createStatement()) {
            int pid = replication.unwrap(PGConnection.class).getBackendPID();
            AtomicReference<List<Blocker>> blockers = new AtomicReference<>();
            try (ResultSet slot =
                    Deadline.within(
                            timeout,
                            create,
                            () -> blockers.set(blockersOf(pid)),
                            () -> create.executeQuery(createSlot(replication)))) {
                slot.next();
                return new PositionedSnapshot(
                        Lsn.parse(slot.getString("consistent_point")),
                        FrozenDatabase.at(source, slot.getString("snapshot_name")).in(words));
            } catch (SQLException e) {
                if (blockers.get() != null && QUERY_CANCELED.equals(e.getSQLState())) {
                    throw tooLate(timeout, blockers.get(), e);
                }
                throw e;
            }
        } catch (SQLException e) {
            throw source.fault("a snapshot with a known position", e);
        }
    }

    /**
     * The source as it is now, for when nothing is written to it: no slot is needed, and {@code
     * position} is merely the end of its log.
     */
    @Override
    public PositionedSnapshot standing() {
        FrozenDatabase now = FrozenDatabase.now(source).in(words);
        try {
            return new PositionedSnapshot(
                    source.with(
                            "reading the log's end",
                            connection -> {
                                try (Statement statement = connection.createStatement();
                                        ResultSet row =
                                                statement.executeQuery(
                                                        "SELECT pg_current_wal_insert_lsn()")) {
                                    row.next();
                                    return Lsn.parse(row.getString(1));
                                }
                            }),
                    now);
        } catch (Fault e) {
            now.close();
            throw e;
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = source.properties("snapshot");
        properties.setProperty("replication", "database");
        properties.setProperty("assumeMinServerVersion", "12");
        properties.setProperty("preferQueryMode", "simple");
        return source.connect(properties);
    }

    private static String createSlot(Connection connection) throws SQLException {
        String name = "landbridge_snapshot_" + UUID.randomUUID().toString().replace("-", "");
        boolean options = connection.getMetaData().getDatabaseMajorVersion() >= 15;
        return "CREATE_REPLICATION_SLOT "
                + name
                + " TEMPORARY LOGICAL pgoutput "
                + (options ? "(SNAPSHOT 'export')" : "EXPORT_SNAPSHOT");
    }

    private List<Blocker> blockersOf(int pid) {
        return source.with(
                "asking who blocks a snapshot",
                connection -> {
                    List<Blocker> waitedFor = Blocker.of(connection, pid);
                    return waitedFor.isEmpty() ? Blocker.writers(connection, pid) : waitedFor;
                });
    }

    private static Fault tooLate(Duration timeout, List<Blocker> blockers, SQLException cause) {
        return Fault.of(
                        FaultCode.SOURCE_LOCK_TIMEOUT,
                        "no snapshot within "
                                + timeout.toMillis()
                                + " ms: it waits for transactions that have written: "
                                + Blocker.describe(blockers),
                        cause)
                .hint(
                        "wait for them to end, or end them with pg_terminate_backend(pid);"
                                + " prepared ones with ROLLBACK PREPARED");
    }
}
