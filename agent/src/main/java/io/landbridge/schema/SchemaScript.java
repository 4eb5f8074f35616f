package io.landbridge.schema;

import io.landbridge.change.TableId;
import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All DDL for the target, in its order, with what it leaves out.
 *
 * <p>Immutable.
 */
public final class SchemaScript {

    private final SourceDdl.Result result;

    SchemaScript(SourceDdl.Result result) {
        this.result = result;
    }

    /**
     * The script of {@code statements}, which are run stage by stage and within a stage in the
     * order given.
     *
     * @param way how the DDL was obtained, for people
     * @param tables those that move, under the target's names
     * @param notes sentences on what is left out and why
     */
    public static SchemaScript of(
            String way, List<Table> tables, List<TargetStatement> statements, List<String> notes) {
        Map<TableId, Long> weights = new HashMap<>();
        tables.forEach(table -> weights.put(table.id(), table.bytes()));
        Map<TableId, Integer> made = new HashMap<>();
        List<SchemaStep> steps = new ArrayList<>();
        List<TargetStatement> ordered =
                statements.stream().sorted(Comparator.comparing(SchemaScript::stage)).toList();
        for (TargetStatement statement : ordered) {
            boolean isTable = statement.kind() == DdlKind.TABLE;
            int parent =
                    isTable ? 0 : statement.table().map(id -> made.getOrDefault(id, 0)).orElse(0);
            steps.add(
                    new SchemaStep(
                            steps.size() + 1,
                            stage(statement),
                            statement.kind(),
                            statement.object(),
                            parent,
                            statement.table(),
                            statement.table().map(id -> weights.getOrDefault(id, 0L)).orElse(0L),
                            statement.sql(),
                            statement.kind().undo(statement.object()),
                            Optional.empty()));
            if (isTable) {
                statement.table().ifPresent(id -> made.put(id, steps.size()));
            }
        }
        for (Table table : tables) {
            steps.add(SourceDdl.analyze(steps.size() + 1, table));
        }
        return new SchemaScript(
                new SourceDdl.Result(way, steps, notes, List.of(), List.of(), List.of()));
    }

    /** The script of a PostgreSQL database. */
    public static SchemaScript of(Database source, SchemaConfig config, TablesConfig wanted) {
        return new PostgresSchemaOrigin(source, config, wanted).script();
    }

    private static DdlStage stage(TargetStatement statement) {
        return statement.early() ? DdlStage.KEYS : statement.kind().stage();
    }

    SourceDdl.Result result() {
        return result;
    }

    /**
     * The statements in the order in which they run, without those for the planner's statistics.
     */
    public List<String> sql() {
        return result.steps().stream()
                .filter(step -> step.kind() != DdlKind.ANALYZE)
                .map(SchemaStep::sql)
                .toList();
    }

    /** Sentences on what is left out and why. */
    public List<String> notes() {
        return result.notes();
    }
}
