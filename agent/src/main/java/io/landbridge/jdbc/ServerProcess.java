package io.landbridge.jdbc;

import io.landbridge.config.DatabaseConfig;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The server's process at the other end of a connection, and what a connection beside it says of
 * it. A server that has vanished without a word, or has never got what was sent, is not told from
 * one that works for hours by waiting. Thread-safe.
 */
final class ServerProcess {

    /** What the process is doing while we wait for its answer. */
    enum Verdict {
        /** It works, or nobody can say that it doesn't. */
        AT_WORK,
        /** It has nothing to do, and waits for us. */
        WAITS_FOR_US,
        /** There is none any more. */
        GONE,
        /** No connection can be had to ask. */
        UNREACHABLE
    }

    /** By the word that stands in a connection's properties; held by its sockets only. */
    private static final Map<String, WeakReference<ServerProcess>> PROCESSES =
            new ConcurrentHashMap<>();

    private static final int SECONDS = 5;
    private static final String TOO_MANY_CONNECTIONS = "53300";
    private static final int TOO_MANY_MYSQL_CONNECTIONS = 1040;

    /** How a kind of server is asked. */
    private enum Kind {
        POSTGRES(
                "SELECT pg_catalog.pg_backend_pid()",
                "SELECT state LIKE 'idle%' OR wait_event_type = 'Client'"
                        + " FROM pg_stat_activity WHERE pid = ?",
                "SELECT pg_terminate_backend(?::int)"),
        MYSQL(
                "SELECT CONNECTION_ID()",
                "SELECT COMMAND = 'Sleep' OR STATE = 'Sending to client'"
                        + " FROM information_schema.PROCESSLIST WHERE ID = ?",
                "KILL ?");

        /** The number of a session's process. */
        private final String own;

        /** Whether the process of a number waits for its client; no row: there is none. */
        private final String look;

        /** Ends the process of a number. */
        private final String end;

        Kind(String own, String look, String end) {
            this.own = own;
            this.look = look;
            this.end = end;
        }
    }

    private final Kind kind;
    private final String word = UUID.randomUUID().toString();
    private final String url;
    private final Properties beside;
    private volatile long id;

    private ServerProcess(Kind kind, String url, Properties beside) {
        this.kind = kind;
        this.url = url;
        this.beside = beside;
    }

    /** One of PostgreSQL, known by its {@link #word} for as long as somebody holds it. */
    static ServerProcess postgres(String url, DatabaseConfig config) {
        Properties beside = new Properties();
        beside.putAll(config.parameters());
        beside.setProperty("user", config.user());
        beside.setProperty("password", config.password().reveal());
        beside.setProperty("ApplicationName", "landbridge watch");
        beside.setProperty("connectTimeout", String.valueOf(SECONDS));
        beside.setProperty("loginTimeout", String.valueOf(SECONDS));
        beside.setProperty("socketTimeout", String.valueOf(SECONDS));
        beside.setProperty("cancelSignalTimeout", String.valueOf(SECONDS));
        ServerProcess process = new ServerProcess(Kind.POSTGRES, url, beside);
        PROCESSES.values().removeIf(held -> held.get() == null);
        PROCESSES.put(process.word, new WeakReference<>(process));
        return process;
    }

    /**
     * One of MySQL.
     *
     * @param beside how to connect to ask
     */
    static ServerProcess mysql(String url, Properties beside) {
        Properties hasty = new Properties();
        hasty.putAll(beside);
        hasty.setProperty("connectTimeout", String.valueOf(SECONDS * 1000));
        hasty.setProperty("socketTimeout", String.valueOf(SECONDS * 1000));
        return new ServerProcess(Kind.MYSQL, url, hasty);
    }

    /** Stands for it where only a text can be given. */
    String word() {
        return word;
    }

    /** Null when nobody knows of one. */
    static ServerProcess known(String word) {
        WeakReference<ServerProcess> held = PROCESSES.get(word);
        return held == null ? null : held.get();
    }

    /** Learns from {@code connection}, which is new, which process it is. */
    void meet(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(kind.own)) {
            row.next();
            id = row.getLong(1);
        }
    }

    /** Whether {@link #ask} can say anything. */
    boolean isMet() {
        return id != 0;
    }

    Verdict ask() {
        try (Connection connection = DriverManager.getConnection(url, beside)) {
            return ask(connection);
        } catch (SQLException e) {
            return isUnreachable(e) ? Verdict.UNREACHABLE : Verdict.AT_WORK;
        }
    }

    private boolean isUnreachable(SQLException e) {
        return kind == Kind.MYSQL
                ? MysqlFaults.isConnectionLost(e) && e.getErrorCode() != TOO_MANY_MYSQL_CONNECTIONS
                : SqlFaults.isConnectionLost(e) && !TOO_MANY_CONNECTIONS.equals(e.getSQLState());
    }

    private Verdict ask(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(kind.look)) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Verdict.GONE;
                }
                return row.getBoolean(1) ? Verdict.WAITS_FOR_US : Verdict.AT_WORK;
            }
        }
    }

    /** Ends it: what it holds would stand in the next connection's way. */
    void end() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, beside);
                PreparedStatement end = connection.prepareStatement(kind.end)) {
            end.setLong(1, id);
            end.execute();
        }
    }

    @Override
    public String toString() {
        return "server process " + id;
    }
}
