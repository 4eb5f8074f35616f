package io.landbridge.target;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.slf4j.LoggerFactory;

/**
 * One connection that replicated rows are written through; owned by one thread at a time.
 *
 * <p>Always in a transaction block (auto-commit off), with triggers and foreign keys silent, and
 * with plans that find rows by index: statements join a small array with a table of any size, and a
 * plan made when the table was small must not scan it later.
 */
public final class PostgresSession implements TargetSession {

    private static final String RIGHTS = "42501";

    /** JIT is off since a forbidden plan node counts as dear enough to compile for. */
    private static final String SETTINGS =
            "SET plan_cache_mode = force_generic_plan; SET jit = off; SET enable_hashjoin = off;"
                    + " SET enable_mergejoin = off; SET enable_seqscan = off;"
                    + " SET client_min_messages = error";

    private final Connection connection;
    private final int backendPid;

    private PostgresSession(Connection connection, int backendPid) {
        this.connection = connection;
        this.backendPid = backendPid;
    }

    /**
     * Connects to {@code target}.
     *
     * @param purpose as in {@link Database#open}
     * @param lockTimeout how long a statement waits for a lock that somebody else holds
     * @throws Fault TARGET_UNREACHABLE, or TARGET_RIGHTS when the role may not silence triggers
     */
    public static PostgresSession open(Database target, String purpose, Duration lockTimeout) {
        Properties properties = target.properties(purpose);
        properties.setProperty("cancelSignalTimeout", "2");
        properties.setProperty("prepareThreshold", "1");
        properties.setProperty("preparedStatementCacheQueries", "1024");
        properties.setProperty("preparedStatementCacheSizeMiB", "16");
        Connection connection = null;
        try {
            connection = target.connect(properties);
            try (var statement = connection.createStatement()) {
                statement.execute(SETTINGS + "; SET lock_timeout = " + lockTimeout.toMillis());
                silenceTriggers(statement, target);
            }
            connection.setAutoCommit(false);
            return new PostgresSession(
                    connection, connection.unwrap(PGConnection.class).getBackendPID());
        } catch (SQLException e) {
            closeQuietly(connection);
            throw target.fault("a session that writes rows", e);
        } catch (Fault e) {
            closeQuietly(connection);
            throw e;
        }
    }

    private static void silenceTriggers(Statement statement, Database target) throws SQLException {
        try {
            statement.execute("SET session_replication_role = replica");
        } catch (SQLException e) {
            if (!RIGHTS.equals(e.getSQLState())) {
                throw e;
            }
            String role = Sql.quote(target.config().user());
            throw Fault.of(
                            FaultCode.TARGET_RIGHTS,
                            "the target's role may not silence triggers and foreign keys",
                            e)
                    .hint(
                            "as superuser: GRANT SET ON PARAMETER session_replication_role TO "
                                    + role);
        }
    }

    @Override
    public Connection connection() {
        return connection;
    }

    /** Its process at the server: what {@code pg_blocking_pids} takes. */
    @Override
    public long id() {
        return backendPid;
    }

    @Override
    public void abort() {
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException e) {
            LoggerFactory.getLogger(PostgresSession.class).debug("cancelling failed", e);
        }
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LoggerFactory.getLogger(PostgresSession.class)
                    .debug("ending a target session failed", e);
        }
    }

    @Override
    public void close() {
        closeQuietly(connection);
    }

    /** A connection that is given up may be broken: its failure to close says nothing new. */
    private static void closeQuietly(Connection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                LoggerFactory.getLogger(PostgresSession.class)
                        .debug("closing a target session failed", e);
            }
        }
    }
}
