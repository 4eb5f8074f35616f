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

    private final String url;
    private final Properties beside = new Properties();
    private volatile int pid;

    private ServerProcess(String url, DatabaseConfig config) {
        this.url = url;
        beside.putAll(config.parameters());
        beside.setProperty("user", config.user());
        beside.setProperty("password", config.password().reveal());
        beside.setProperty("ApplicationName", "landbridge watch");
        beside.setProperty("connectTimeout", String.valueOf(SECONDS));
        beside.setProperty("loginTimeout", String.valueOf(SECONDS));
        beside.setProperty("socketTimeout", String.valueOf(SECONDS));
        beside.setProperty("cancelSignalTimeout", String.valueOf(SECONDS));
    }

    /** A process that will be known by {@code word} for as long as somebody holds it. */
    static ServerProcess at(String word, String url, DatabaseConfig config) {
        PROCESSES.values().removeIf(held -> held.get() == null);
        ServerProcess process = new ServerProcess(url, config);
        PROCESSES.put(word, new WeakReference<>(process));
        return process;
    }

    static String newWord() {
        return UUID.randomUUID().toString();
    }

    /** Null when nobody knows of one. */
    static ServerProcess known(String word) {
        WeakReference<ServerProcess> held = PROCESSES.get(word);
        return held == null ? null : held.get();
    }

    /** Learns from {@code connection}, which is new, which process it is. */
    void meet(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
            row.next();
            pid = row.getInt(1);
        }
    }

    /** Whether {@link #ask} can say anything. */
    boolean isMet() {
        return pid != 0;
    }

    Verdict ask() {
        try (Connection connection = DriverManager.getConnection(url, beside)) {
            return ask(connection);
        } catch (SQLException e) {
            return SqlFaults.isConnectionLost(e) && !TOO_MANY_CONNECTIONS.equals(e.getSQLState())
                    ? Verdict.UNREACHABLE
                    : Verdict.AT_WORK;
        }
    }

    private Verdict ask(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT state LIKE 'idle%' OR wait_event_type = 'Client'"
                                + " FROM pg_stat_activity WHERE pid = ?")) {
            select.setInt(1, pid);
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
                PreparedStatement end =
                        connection.prepareStatement("SELECT pg_terminate_backend(?)")) {
            end.setInt(1, pid);
            end.execute();
        }
    }

    @Override
    public String toString() {
        return "server process " + pid;
    }
}
