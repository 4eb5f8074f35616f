package io.landbridge.schema;

import io.landbridge.jdbc.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Undoes a plan: tables that were there before get back what they had, ours go. */
final class SchemaRemoval {

    /** Statements in one transaction. */
    private static final int LOT = 100;

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
        target.inTransaction(
                "dropping foreign keys of our own tables",
                connection -> {
                    try (PreparedStatement query =
                                    connection.prepareStatement(
                                            "select format('ALTER TABLE %s DROP CONSTRAINT %I',"
                                                    + " k.conrelid::regclass, k.conname)"
                                                    + " from pg_constraint k where k.contype = 'f'"
                                                    + " and k.conparentid = 0 and k.conrelid in"
                                                    + " (select to_regclass(t)"
                                                    + " from unnest(?::text[]) as t)");
                            Statement drops = connection.createStatement()) {
                        query.setArray(1, connection.createArrayOf("text", tables.toArray()));
                        drops.setEscapeProcessing(false);
                        try (ResultSet row = query.executeQuery()) {
                            for (int count = 1; row.next(); count++) {
                                drops.addBatch(row.getString(1));
                                if (count % LOT == 0) {
                                    drops.executeBatch();
                                    // Their locks must fit the server's table of locks.
                                    connection.commit();
                                }
                            }
                        }
                        drops.executeBatch();
                    }
                    return null;
                });
    }

    /** In reverse, and again as long as that frees something. */
    private List<SchemaStep> undo(List<SchemaStep> ours) {
        List<SchemaStep> left = new ArrayList<>(ours);
        Collections.reverse(left);
        try (StepRunner runner = new StepRunner(target, plan, OptionalLong.empty())) {
            int before;
            do {
                before = left.size();
                List<SchemaStep> stuck = new ArrayList<>();
                for (int from = 0; from < before; from += LOT) {
                    stuck.addAll(runner.undo(left.subList(from, Math.min(before, from + LOT))));
                }
                left = stuck;
            } while (!left.isEmpty() && left.size() < before);
        }
        Collections.reverse(left);
        return left;
    }
}
