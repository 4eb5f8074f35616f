package io.landbridge.phase;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * One agent leads a migration: whoever holds its advisory lock on the target. The lock lives as
 * long as its session, so a dead agent's is free at once. Thread-safe.
 */
public final class Leadership implements AutoCloseable {

    private final Database target;
    private final String migration;
    private Connection session;

    public Leadership(Database target, String migration) {
        this.target = target;
        this.migration = migration;
    }

    /**
     * Takes the lead, or keeps it; takes it again when the session was lost.
     *
     * @throws Fault NOT_LEADER when another agent has it, TARGET_UNREACHABLE
     */
    public synchronized void take() {
        if (session != null && isAlive()) {
            return;
        }
        close();
        Connection fresh = target.open("leader");
        try (var lock =
                fresh.prepareStatement(
                        "SELECT pg_try_advisory_lock(hashtextextended('landbridge:' || ?, 0))")) {
            lock.setString(1, migration);
            try (var row = lock.executeQuery()) {
                row.next();
                if (row.getBoolean(1)) {
                    session = fresh;
                    return;
                }
            }
            fresh.close();
        } catch (SQLException e) {
            throw target.fault("taking the lead", e);
        }
        throw Fault.of(
                        FaultCode.NOT_LEADER,
                        "another agent is running migration '" + migration + "'")
                .hint("stop it first, or wait: this agent goes on when the other is gone");
    }

    /** Whether this agent leads: it takes the lead again when only the session was lost. */
    boolean isHeld() {
        try {
            take();
            return true;
        } catch (Fault fault) {
            if (fault.code() != FaultCode.NOT_LEADER) {
                throw fault;
            }
            return false;
        }
    }

    private boolean isAlive() {
        try (var ping = session.createStatement()) {
            ping.setQueryTimeout(5);
            ping.execute("SELECT 1");
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public synchronized void close() {
        if (session == null) {
            return;
        }
        try {
            session.close();
        } catch (SQLException e) {
            throw target.fault("giving up the lead", e);
        } finally {
            session = null;
        }
    }
}
