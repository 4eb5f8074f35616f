package io.landbridge.validate;

import io.landbridge.config.ValidationConfig;
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
 */
public record ValidationReport(
        String migration,
        ValidationConfig.Mode mode,
        Instant startedAt,
        Duration duration,
        String position,
        Duration pause,
        List<TableResult> tables) {

    public ValidationReport {
        tables = List.copyOf(tables);
    }

    /** Whether every table was compared and found equal. */
    public boolean clean() {
        return tables.stream().allMatch(TableResult::isEqual);
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
