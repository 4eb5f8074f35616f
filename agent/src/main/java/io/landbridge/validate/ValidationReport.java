package io.landbridge.validate;

import io.landbridge.config.ValidationConfig;
import io.landbridge.schema.structure.StructureDifference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a comparison found: the record that is written to {@code state-dir/reports}, shown and
 * judged. Names are part of its JSON form: add, never rename.
 *
 * @param position where in the source's log both sides were compared
 * @param pause how long the applier stood still for it
 * @param tables in name order
 * @param structure what the tables are made of that is not the same; what blocks a cutover first
 */
public record ValidationReport(
        String migration,
        ValidationConfig.Mode mode,
        Instant startedAt,
        Duration duration,
        String position,
        Duration pause,
        List<TableResult> tables,
        List<StructureDifference> structure) {

    public ValidationReport {
        tables = List.copyOf(tables);
        structure = List.copyOf(structure);
    }

    /** The same, with the tables' structure compared too. */
    public ValidationReport with(List<StructureDifference> differences) {
        return new ValidationReport(
                migration, mode, startedAt, duration, position, pause, tables, differences);
    }

    /**
     * Whether every table was compared and found equal, and has at the target what it needs there.
     */
    public boolean clean() {
        return tables.stream().allMatch(TableResult::isEqual) && blocking() == 0;
    }

    /** Differences of structure that block a cutover. */
    public long blocking() {
        return structure.stream().filter(StructureDifference::blocks).count();
    }

    public List<TableResult> failed() {
        return tables.stream().filter(table -> !table.isEqual()).toList();
    }

    public long comparedRows() {
        return tables.stream().mapToLong(TableResult::comparedRows).sum();
    }

    /** Rows that are missing, extra or different. */
    public long differences() {
        return tables.stream().mapToLong(TableResult::found).sum();
    }
}
