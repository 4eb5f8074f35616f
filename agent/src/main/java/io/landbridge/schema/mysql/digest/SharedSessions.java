package io.landbridge.schema.mysql.digest;

import io.landbridge.fault.Fault;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.offsets.BinlogPosition;
import io.landbridge.schema.digest.Freezer;
import io.landbridge.schema.digest.FrozenTables;
import io.landbridge.schema.mysql.MappedTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sessions of MySQL for readers that are to see the same: each opens a snapshot of its own, one
 * after the other, so that they show one moment only where nobody commits meanwhile. One thread.
 */
public final class SharedSessions implements Freezer.Frost {

    /** Beside those of the workers: one that looks on, one that reads whole rows. */
    private static final int BESIDE = 2;

    private static final String BEGIN = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";

    private final MysqlDatabase database;
    private final List<MappedTable> tables;
    private final List<Connection> sessions = new ArrayList<>();

    private SharedSessions(MysqlDatabase database, List<MappedTable> tables) {
        this.database = database;
        this.tables = tables;
    }

    /**
     * Connects them.
     *
     * @param tables that will be read
     * @param workers how many will read at a time
     */
    public static SharedSessions open(
            MysqlDatabase database, List<MappedTable> tables, int workers) {
        SharedSessions opened = new SharedSessions(database, tables);
        try {
            for (int i = 0; i < workers + BESIDE; i++) {
                Connection session = database.open("snapshot");
                opened.sessions.add(session);
                execute(session, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            }
            return opened;
        } catch (SQLException e) {
            Fault fault = database.fault("a snapshot's sessions", e);
            opened.closeAfter(fault);
            throw fault;
        } catch (Fault e) {
            opened.closeAfter(e);
            throw e;
        }
    }

    /** Lets all of them see what is committed now; may be called again. */
    public void begin() throws SQLException {
        for (Connection session : sessions) {
            execute(session, BEGIN);
        }
    }

    /**
     * The places in the log of {@code server} that they show since they {@link #begin began}.
     *
     * @param query the dialect's, for two rows of a name and a value: the file, the offset
     */
    public Set<BinlogPosition> places(String server, String query) throws SQLException {
        Set<BinlogPosition> places = new HashSet<>();
        for (Connection session : sessions) {
            try (Statement statement = session.createStatement();
                    ResultSet row = statement.executeQuery(query)) {
                row.next();
                String file = row.getString(2);
                row.next();
                places.add(new BinlogPosition(server, file, row.getLong(2)));
            }
        }
        return places;
    }

    /** What they see since they {@link #begin began}; takes them over. */
    public FrozenTables frozen() {
        List<Connection> taken = List.copyOf(sessions);
        sessions.clear();
        return new FrozenMysql(database, tables, taken);
    }

    @Override
    public FrozenTables now() {
        try {
            begin();
        } catch (SQLException e) {
            throw database.fault("a snapshot", e);
        }
        return frozen();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Closes them because of {@code failure}, which keeps what goes wrong with that. */
    public void closeAfter(Fault failure) {
        for (Connection session : sessions) {
            try {
                session.close();
            } catch (SQLException e) {
                failure.addSuppressed(e);
            }
        }
        sessions.clear();
    }

    @Override
    public void close() {
        Fault unclosed = null;
        for (Connection session : sessions) {
            try {
                session.close();
            } catch (SQLException e) {
                unclosed = database.fault("the end of a snapshot", e);
            }
        }
        sessions.clear();
        if (unclosed != null) {
            throw unclosed;
        }
    }
}
