package io.landbridge.schema;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.SchemaStep.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Set;

/**
 * Runs steps of the plan on one connection, each in a transaction together with its outcome: killed
 * anywhere, a step has happened and is known to have, or neither. Owned by one thread.
 */
final class StepRunner implements AutoCloseable {

    /** SQLSTATEs of "it exists": schema, table, function, anything else. */
    private static final Set<String> EXISTS = Set.of("42P06", "42P07", "42723", "42710");

    private static final String INTEGRITY_VIOLATION = "23";
    private static final String DEPENDENTS_EXIST = "2BP01";

    /**
     * A crash of the server may lose the last steps, but never a step's outcome alone. The
     * connection check ends what a killed agent left running.
     */
    private static final String SESSION =
            "set synchronous_commit = off; set check_function_bodies = off;"
                    + " set lock_timeout = '60s'; set client_connection_check_interval = '5s';"
                    + " set client_min_messages = warning";

    private final Database target;
    private final SchemaPlan plan;
    private final Connection connection;

    StepRunner(Database target, SchemaPlan plan) {
        this.target = target;
        this.plan = plan;
        this.connection = target.open("schema");
        try {
            execute(SESSION);
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            close();
            throw target.fault("preparing a session for DDL", e);
        }
    }

    /** Index builds may take {@code kilobytes} of memory, and no less than the server's setting. */
    void allowMaintenanceMemory(long kilobytes) {
        try {
            execute(
                    "select set_config('maintenance_work_mem', greatest(setting::int8, "
                            + kilobytes
                            + ") || 'kB', false) from pg_settings"
                            + " where name = 'maintenance_work_mem'");
            connection.commit();
        } catch (SQLException e) {
            throw target.fault("setting maintenance_work_mem", e);
        }
    }

    /**
     * Runs the step, unless its object is there already.
     *
     * @throws Fault DIVERGENCE when rows violate what the step declares
     */
    Outcome run(SchemaStep step) {
        try {
            Outcome outcome = probe(step) ? Outcome.PRESENT : create(step);
            plan.mark(connection, step, outcome);
            connection.commit();
            return outcome;
        } catch (SQLException e) {
            throw failed(step, e);
        }
    }

    /** Notes that what the step belongs to was there before us. */
    void skip(SchemaStep step) {
        try {
            plan.mark(connection, step, Outcome.SKIPPED);
            connection.commit();
        } catch (SQLException e) {
            throw failed(step, e);
        }
    }

    /** Takes away what the step made; false when something of somebody else's needs it. */
    boolean undo(SchemaStep step) {
        try {
            Savepoint before = connection.setSavepoint();
            try {
                execute(step.undo());
            } catch (SQLException e) {
                if (DEPENDENTS_EXIST.equals(e.getSQLState())) {
                    connection.rollback(before);
                    connection.commit();
                    return false;
                }
                throw e;
            }
            plan.mark(connection, step, Outcome.REMOVED);
            connection.commit();
            return true;
        } catch (SQLException e) {
            throw failed(step, e);
        }
    }

    private boolean probe(SchemaStep step) throws SQLException {
        if (step.kind().probe().isEmpty()) {
            return false;
        }
        try (PreparedStatement query =
                connection.prepareStatement("select " + step.kind().probe() + " is not null")) {
            query.setString(1, step.object());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private Outcome create(SchemaStep step) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            execute(step.sql());
            return Outcome.DONE;
        } catch (SQLException e) {
            if (step.kind() == DdlKind.OTHER && EXISTS.contains(String.valueOf(e.getSQLState()))) {
                connection.rollback(before);
                return Outcome.PRESENT;
            }
            throw e;
        }
    }

    /** Without the driver's own {@code {...}} syntax, which DDL may contain. */
    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    private Fault failed(SchemaStep step, SQLException error) {
        Fault fault =
                error.getSQLState() != null && error.getSQLState().startsWith(INTEGRITY_VIOLATION)
                        ? Fault.of(
                                        FaultCode.DIVERGENCE,
                                        "rows at the target violate "
                                                + step
                                                + " ["
                                                + error.getSQLState()
                                                + "]",
                                        error)
                                .hint("compare the table: landbridge validate")
                        : target.fault(step.toString(), error);
        step.table().ifPresent(fault::in);
        try {
            connection.rollback();
        } catch (SQLException e) {
            fault.addSuppressed(e);
        }
        return fault;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw target.fault("closing a session for DDL", e);
        }
    }
}
