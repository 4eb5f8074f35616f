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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Runs steps of the plan on one connection, in a transaction together with their outcomes: killed
 * anywhere, a step has happened and is known to have, or neither. Many small steps go together: a
 * few round trips for all of them. When one of them fails, each is done again by itself.
 *
 * <p>Owned by one thread; only {@link #cancel} comes from others.
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
    private final OptionalLong maintenanceMemory;
    private Connection connection;
    private volatile Statement running;
    private volatile boolean cancelled;

    /**
     * @param maintenanceMemory kilobytes that index builds may take, when that is more than the
     *     server's setting
     */
    StepRunner(Database target, SchemaPlan plan, OptionalLong maintenanceMemory) {
        this.target = target;
        this.plan = plan;
        this.maintenanceMemory = maintenanceMemory;
        connect();
    }

    private void connect() {
        connection = target.open("schema");
        try {
            execute(SESSION);
            if (maintenanceMemory.isPresent()) {
                execute(
                        "select set_config('maintenance_work_mem', greatest(setting::int8, "
                                + maintenanceMemory.getAsLong()
                                + ") || 'kB', false) from pg_settings"
                                + " where name = 'maintenance_work_mem'");
            }
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            close();
            throw target.fault("preparing a session for DDL", e);
        }
    }

    /**
     * Runs each step, unless its object or what it belongs to was there before us.
     *
     * @param known how a step before these ended, by its number; null when it did not
     * @return how these ended
     * @throws Fault DIVERGENCE when rows violate what a step declares
     * @throws CancellationException after {@link #cancel}: what was under way is rolled back
     */
    Map<Integer, Outcome> run(List<SchemaStep> steps, Function<Integer, Outcome> known) {
        if (steps.size() > 1) {
            try {
                return together(steps, known);
            } catch (SQLException e) {
                rollBack(e);
            }
        }
        Map<Integer, Outcome> outcomes = new HashMap<>();
        for (SchemaStep step : steps) {
            try {
                outcomes.putAll(
                        together(
                                List.of(step),
                                number -> outcomes.getOrDefault(number, known.apply(number))));
            } catch (SQLException e) {
                throw failed(step, e);
            }
        }
        return outcomes;
    }

    private Map<Integer, Outcome> together(List<SchemaStep> steps, Function<Integer, Outcome> known)
            throws SQLException {
        Set<Integer> present = present(steps);
        Map<Integer, Outcome> outcomes = new HashMap<>();
        List<SchemaStep> wanted = new ArrayList<>(steps.size());
        for (SchemaStep step : steps) {
            int parent = step.parent();
            boolean oursAbove =
                    parent == 0
                            || outcomes.getOrDefault(parent, known.apply(parent)) == Outcome.DONE;
            Outcome outcome =
                    !oursAbove
                            ? Outcome.SKIPPED
                            : present.contains(step.number()) ? Outcome.PRESENT : Outcome.DONE;
            if (outcome == Outcome.DONE) {
                wanted.add(step);
            }
            outcomes.put(step.number(), outcome);
        }
        if (wanted.size() == 1) {
            outcomes.put(wanted.get(0).number(), create(wanted.get(0)));
        } else if (!wanted.isEmpty()) {
            executeAll(wanted.stream().map(SchemaStep::sql).toList());
        }
        plan.mark(connection, outcomes);
        connection.commit();
        return outcomes;
    }

    /** Numbers of the steps whose object is there already: one question for each kind. */
    private Set<Integer> present(List<SchemaStep> steps) throws SQLException {
        Map<String, List<SchemaStep>> byProbe =
                steps.stream()
                        .filter(step -> !step.kind().probe().isEmpty())
                        .collect(Collectors.groupingBy(step -> step.kind().probe()));
        Set<Integer> present = new HashSet<>();
        for (Map.Entry<String, List<SchemaStep>> probe : byProbe.entrySet()) {
            try (PreparedStatement query =
                    connection.prepareStatement(
                            "select n from unnest(?::int[], ?::text[]) as w (n, object) where "
                                    + probe.getKey().replace("?", "w.object")
                                    + " is not null")) {
                List<SchemaStep> asked = probe.getValue();
                query.setArray(
                        1,
                        connection.createArrayOf(
                                "int4", asked.stream().map(SchemaStep::number).toArray()));
                query.setArray(
                        2,
                        connection.createArrayOf(
                                "text", asked.stream().map(SchemaStep::object).toArray()));
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        present.add(row.getInt(1));
                    }
                }
            }
        }
        return present;
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

    /**
     * Takes away what the steps made, in their order.
     *
     * @return those that stay since something of somebody else's needs what they made
     */
    List<SchemaStep> undo(List<SchemaStep> steps) {
        try {
            undoTogether(steps);
            return List.of();
        } catch (SQLException e) {
            if (steps.size() == 1) {
                if (DEPENDENTS_EXIST.equals(e.getSQLState())) {
                    rollBack(e);
                    return steps;
                }
                throw failed(steps.get(0), e);
            }
            rollBack(e);
        }
        return steps.stream().flatMap(step -> undo(List.of(step)).stream()).toList();
    }

    private void undoTogether(List<SchemaStep> steps) throws SQLException {
        executeAll(steps.stream().map(SchemaStep::undo).toList());
        Map<Integer, Outcome> outcomes = new HashMap<>();
        steps.forEach(step -> outcomes.put(step.number(), Outcome.REMOVED));
        plan.mark(connection, outcomes);
        connection.commit();
    }

    /** Without the driver's own {@code {...}} syntax, which DDL may contain. */
    private void execute(String sql) throws SQLException {
        try (Statement statement = statement()) {
            statement.execute(sql);
        } finally {
            running = null;
        }
    }

    /** As {@link #execute}, sent together. */
    private void executeAll(List<String> all) throws SQLException {
        try (Statement statement = statement()) {
            for (String sql : all) {
                statement.addBatch(sql);
            }
            statement.executeBatch();
        } finally {
            running = null;
        }
    }

    private Statement statement() throws SQLException {
        Statement statement = connection.createStatement();
        statement.setEscapeProcessing(false);
        running = statement;
        if (cancelled) {
            statement.close();
            throw new CancellationException();
        }
        return statement;
    }

    /** Ends what runs now and whatever would run next; repeat it until the runner is closed. */
    void cancel() {
        cancelled = true;
        Statement now = running;
        if (now != null) {
            try {
                now.cancel();
            } catch (SQLException e) {
                throw target.fault("cancelling a statement", e);
            }
        }
    }

    /** Afterwards there is a connection again, or a fault: steps by themselves always get on. */
    private void rollBack(SQLException cause) {
        if (cancelled) {
            throw new CancellationException();
        }
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
            close();
            connect();
        }
    }

    private RuntimeException failed(SchemaStep step, SQLException error) {
        if (cancelled) {
            return new CancellationException();
        }
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
