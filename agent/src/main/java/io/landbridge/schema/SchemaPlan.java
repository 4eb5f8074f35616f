package io.landbridge.schema;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.Relations;
import io.landbridge.schema.SchemaStep.Outcome;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The plan for the target's schema, kept at the target: made once, then only carried out, so that a
 * change of the source's schema or a restart in between alters nothing. What a step did and its
 * outcome commit together; so the plan is also the record of what is ours.
 *
 * <p>Stateless; the caller owns connections and transactions.
 */
final class SchemaPlan {

    private static final String COLUMNS =
            "step, stage, kind, object, parent, table_schema, table_name, weight, sql, undo,"
                    + " outcome";

    private final String migration;

    SchemaPlan(String migration) {
        this.migration = migration;
    }

    /**
     * What a plan says of itself.
     *
     * @param way how the DDL was obtained, for people
     * @param notes what is left out and why
     * @param drops whether the steps of {@link DdlStage#DROPS} are in it
     */
    record Header(String way, List<String> notes, boolean drops) {}

    /** Makes the tables when they are absent. */
    static void createTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!Relations.exists(connection, "landbridge.schema_step")) {
                statement.execute(
                        """
                        create schema if not exists landbridge;
                        create table if not exists landbridge.schema_plan (
                            migration text primary key,
                            way text not null,
                            notes text[] not null,
                            drops boolean not null default false,
                            made_at timestamptz not null default clock_timestamp());
                        create table if not exists landbridge.schema_step (
                            migration text not null,
                            step int not null,
                            stage text not null,
                            kind text not null,
                            object text not null,
                            parent int not null,
                            table_schema text,
                            table_name text,
                            weight bigint not null,
                            sql text not null,
                            undo text not null,
                            outcome text
                                check (outcome in ('DONE', 'PRESENT', 'SKIPPED', 'REMOVED')),
                            ended_at timestamptz,
                            primary key (migration, step))""");
            }
        }
    }

    Optional<Header> header(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select way, notes, drops from landbridge.schema_plan"
                                + " where migration = ?")) {
            select.setString(1, migration);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new Header(
                                        row.getString(1),
                                        Arrays.asList((String[]) row.getArray(2).getArray()),
                                        row.getBoolean(3)))
                        : Optional.empty();
            }
        }
    }

    /** The chosen tables as they were when the plan was made. */
    Set<TableId> tables(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select table_schema, table_name from landbridge.schema_step"
                                + " where migration = ? and kind = ?")) {
            select.setString(1, migration);
            // The one kind of step that every plan has for every table.
            select.setString(2, DdlKind.ANALYZE.name());
            Set<TableId> tables = new HashSet<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    tables.add(new TableId(row.getString(1), row.getString(2)));
                }
            }
            return tables;
        }
    }

    /** Keeps a new plan; in the caller's transaction. */
    void make(Connection connection, Header header, List<SchemaStep> steps) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "insert into landbridge.schema_plan (migration, way, notes, drops)"
                                + " values (?, ?, ?, ?)")) {
            insert.setString(1, migration);
            insert.setString(2, header.way());
            insert.setArray(3, texts(connection, header.notes().toArray()));
            insert.setBoolean(4, header.drops());
            insert.executeUpdate();
        }
        add(connection, steps);
    }

    /** Adds {@link DdlStage#DROPS} and how to make again what they drop. */
    void addDrops(Connection connection, List<SchemaStep> steps) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "update landbridge.schema_plan set drops = true where migration = ?")) {
            update.setString(1, migration);
            update.executeUpdate();
        }
        add(connection, steps);
    }

    private void add(Connection connection, List<SchemaStep> steps) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "insert into landbridge.schema_step (migration, "
                                + COLUMNS
                                + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (SchemaStep step : steps) {
                insert.setString(1, migration);
                insert.setInt(2, step.number());
                insert.setString(3, step.stage().name());
                insert.setString(4, step.kind().name());
                insert.setString(5, step.object());
                insert.setInt(6, step.parent());
                insert.setString(7, step.table().map(TableId::schema).orElse(null));
                insert.setString(8, step.table().map(TableId::name).orElse(null));
                insert.setLong(9, step.weight());
                insert.setString(10, step.sql());
                insert.setString(11, step.undo());
                insert.setString(12, step.outcome().map(Outcome::name).orElse(null));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** All steps in their order. */
    List<SchemaStep> steps(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "select "
                                + COLUMNS
                                + " from landbridge.schema_step where migration = ?"
                                + " order by step")) {
            select.setString(1, migration);
            List<SchemaStep> steps = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    steps.add(step(row));
                }
            }
            return steps;
        }
    }

    private static SchemaStep step(ResultSet row) throws SQLException {
        String schema = row.getString(6);
        return new SchemaStep(
                row.getInt(1),
                DdlStage.valueOf(row.getString(2)),
                DdlKind.valueOf(row.getString(3)),
                row.getString(4),
                row.getInt(5),
                schema == null
                        ? Optional.empty()
                        : Optional.of(new TableId(schema, row.getString(7))),
                row.getLong(8),
                row.getString(9),
                row.getString(10),
                Optional.ofNullable(row.getString(11)).map(Outcome::valueOf));
    }

    /** Keeps how steps ended, by their numbers; in the transaction of what they did. */
    void mark(Connection connection, Map<Integer, Outcome> outcomes) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "update landbridge.schema_step s set outcome = o.outcome,"
                                + " ended_at = clock_timestamp()"
                                + " from unnest(?::int[], ?::text[]) as o (step, outcome)"
                                + " where s.migration = ? and s.step = o.step")) {
            update.setArray(1, connection.createArrayOf("int4", outcomes.keySet().toArray()));
            update.setArray(
                    2, texts(connection, outcomes.values().stream().map(Outcome::name).toArray()));
            update.setString(3, migration);
            update.executeUpdate();
        }
    }

    /** Forgets the plan. */
    void remove(Connection connection) throws SQLException {
        for (String table : List.of("schema_step", "schema_plan")) {
            try (PreparedStatement delete =
                    connection.prepareStatement(
                            "delete from landbridge." + table + " where migration = ?")) {
                delete.setString(1, migration);
                delete.executeUpdate();
            }
        }
    }

    private static Array texts(Connection connection, Object[] values) throws SQLException {
        return connection.createArrayOf("text", values);
    }
}
