package io.landbridge.validate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a repair found and did: the record that is written to {@code state-dir/reports}. Names are
 * part of its JSON form: add, never rename.
 *
 * @param position where in the source's log both sides were compared last
 * @param pause the longest that the applier stood still
 * @param tables in name order
 */
public record RepairReport(
        String migration,
        Instant startedAt,
        Duration duration,
        String position,
        Duration pause,
        List<RepairedTable> tables) {

    public RepairReport {
        tables = List.copyOf(tables);
    }

    /** Whether every table that was looked at is equal now, and follows the stream. */
    public boolean clean() {
        return unrepaired().isEmpty();
    }

    public List<RepairedTable> unrepaired() {
        return tables.stream()
                .filter(table -> table.outcome() == RepairedTable.Outcome.NOT_REPAIRED)
                .toList();
    }

    public long mended() {
        return tables.stream().mapToLong(RepairedTable::mended).sum();
    }
}
