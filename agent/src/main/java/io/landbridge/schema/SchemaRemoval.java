package io.landbridge.schema;

import io.landbridge.jdbc.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Undoes a plan: tables that were there before get back what they had, ours go. */
final class SchemaRemoval {

    private final Database target;
    private final SchemaPlan plan;
    private final int workers;

    SchemaRemoval(Database target, SchemaPlan plan, int workers) {
        this.target = target;
        this.plan = plan;
        this.workers = workers;
    }

    /** Returns the objects that stay since something of somebody else's needs them. */
    List<String> run(List<SchemaStep> steps) {
        remake(steps);
        List<SchemaStep> ours =
                steps.stream().filter(step -> step.isDone() && !step.undo().isEmpty()).toList();
        dropForeignKeys(
                ours.stream()
                        .filter(step -> step.kind() == DdlKind.TABLE)
                        .map(SchemaStep::object)
                        .toList());
        List<SchemaStep> left = undo(ours);
        target.inTransaction(
                "forgetting the plan for the schema",
                connection -> {
                    plan.remove(connection);
                    return null;
                });
        return left.stream().map(SchemaStep::toString).toList();
    }

    private void remake(List<SchemaStep> steps) {
        Set<Integer> drops =
                steps.stream()
                        .filter(step -> step.kind() == DdlKind.DROP && step.isDone())
                        .map(SchemaStep::number)
                        .collect(Collectors.toSet());
        Set<Integer> remade =
                steps.stream()
                        .filter(step -> drops.contains(step.parent()))
                        .map(SchemaStep::number)
                        .collect(Collectors.toSet());
        List<SchemaStep> wanted =
                steps.stream()
                        .filter(
                                step ->
                                        drops.contains(step.number())
                                                || remade.contains(step.number())
                                                || remade.contains(step.parent()))
                        .toList();
        new StageRunner(target, plan, workers).run(wanted, DdlStage.REST, progress -> {});
    }

    /** Else two tables that refer to each other could never go. */
    private void dropForeignKeys(List<String> tables) {
        target.with(
                "dropping foreign keys of our own tables",
                connection -> {
                    List<String> drops = new ArrayList<>();
                    try (PreparedStatement query =
                            connection.prepareStatement(
                                    "select format('ALTER TABLE %s DROP CONSTRAINT %I',"
                                            + " k.conrelid::regclass, k.conname)"
                                            + " from pg_constraint k where k.contype = 'f'"
                                            + " and k.conparentid = 0 and k.conrelid in"
                                            + " (select to_regclass(t) from unnest(?::text[]) as t)")) {
                        query.setArray(1, connection.createArrayOf("text", tables.toArray()));
                        try (ResultSet row = query.executeQuery()) {
                            while (row.next()) {
                                drops.add(row.getString(1));
                            }
                        }
                    }
                    for (String drop : drops) {
                        execute(connection, drop);
                    }
                    return null;
                });
    }

    private static void execute(java.sql.Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /** In reverse, and again as long as that frees something. */
    private List<SchemaStep> undo(List<SchemaStep> ours) {
        List<SchemaStep> left = ours;
        try (StepRunner runner = new StepRunner(target, plan)) {
            int before;
            do {
                before = left.size();
                List<SchemaStep> stuck = new ArrayList<>();
                for (int i = left.size() - 1; i >= 0; i--) {
                    if (!runner.undo(left.get(i))) {
                        stuck.add(0, left.get(i));
                    }
                }
                left = stuck;
            } while (!left.isEmpty() && left.size() < before);
        }
        return left;
    }
}
