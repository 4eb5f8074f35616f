package io.landbridge.target;

import io.landbridge.fault.Fault;
import io.landbridge.jdbc.MysqlDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.LoggerFactory;

/**
 * One connection that replicated rows are written to MySQL through; owned by one thread at a time.
 *
 * <p>Its sql_mode refuses what does not fit, takes a 0 in an AUTO_INCREMENT column for a 0, and
 * knows zero dates. Foreign keys are silent, and so are their cascades: PostgreSQL's own come as
 * changes. Unique indexes are checked at once. MySQL has no way to silence triggers. Locks are
 * those of READ COMMITTED, without gaps.
 */
final class MysqlSession implements TargetSession {

    private static final String SETTINGS =
            "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION',"
                    + " SESSION foreign_key_checks = 0, SESSION unique_checks = 1,"
                    // Long lists of keys go by index all the same.
                    + " SESSION range_optimizer_max_mem_size = 0,"
                    + " SESSION transaction_isolation = 'READ-COMMITTED',"
                    + " SESSION innodb_lock_wait_timeout = %1$d, SESSION lock_wait_timeout = %1$d";

    private final Connection connection;
    private final long id;

    private MysqlSession(Connection connection, long id) {
        this.connection = connection;
        this.id = id;
    }

    /** As {@link Destination#session}. */
    static MysqlSession open(MysqlDatabase database, String purpose, Duration lockTimeout) {
        Connection connection = database.openForMany(purpose);
        try (Statement statement = connection.createStatement()) {
            statement.execute(SETTINGS.formatted(Math.max(1, lockTimeout.toSeconds())));
            connection.setAutoCommit(false);
            try (ResultSet row = statement.executeQuery("SELECT CONNECTION_ID()")) {
                row.next();
                MysqlSession session = new MysqlSession(connection, row.getLong(1));
                connection.commit();
                return session;
            }
        } catch (SQLException e) {
            closeQuietly(connection);
            throw database.fault("a session that writes rows", e);
        } catch (Fault e) {
            closeQuietly(connection);
            throw e;
        }
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public long id() {
        return id;
    }

    /**
     * A statement that waits for a lock goes on until it has waited long enough; nothing that
     * follows it reaches the server, which rolls back.
     */
    @Override
    public void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LoggerFactory.getLogger(MysqlSession.class).debug("ending a session failed", e);
        }
    }

    @Override
    public void close() {
        closeQuietly(connection);
    }

    /** A connection that is given up may be broken: its failure to close says nothing new. */
    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LoggerFactory.getLogger(MysqlSession.class).debug("closing a session failed", e);
        }
    }
}
