package io.landbridge.validate;

import io.landbridge.change.TableId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a repair finds out and does, for its report. One thread. */
final class RepairFindings {

    private final Instant startedAt = Instant.now();
    private final long started = System.nanoTime();
    private final Map<TableId, TableResult> found = new TreeMap<>();
    private final Map<TableId, TableResult> verified = new TreeMap<>();
    private final Set<TableId> restarted = new HashSet<>();
    private String position = "";
    private Duration pause = Duration.ZERO;

    /** What tables were before anything was mended. */
    Map<TableId, TableResult> found() {
        return found;
    }

    /** What tables are since. */
    Map<TableId, TableResult> verified() {
        return verified;
    }

    /** Both sides have met. */
    void met(Meeting meeting) {
        position = meeting.position().text();
    }

    String position() {
        return position;
    }

    /** Lets the applier go on; gives, and notes, how long it stood. */
    Duration release(Meeting meeting) {
        Duration stood = meeting.release();
        pause = stood.compareTo(pause) > 0 ? stood : pause;
        return stood;
    }

    void restarted(Set<TableId> tables) {
        restarted.addAll(tables);
    }

    /**
     * The report.
     *
     * @param tables those that were looked at
     * @param refused those that could not be
     * @param stopped those that are stopped still
     * @param otherwise why a table is not equal, when nothing else is known
     */
    RepairReport report(
            String migration,
            Collection<TableId> tables,
            List<TableResult> refused,
            Set<TableId> stopped,
            Mending mending,
            String otherwise) {
        List<RepairedTable> repaired = new ArrayList<>();
        refused.forEach(
                result ->
                        repaired.add(
                                new RepairedTable(
                                        result.table(),
                                        RepairedTable.Outcome.NOT_REPAIRED,
                                        result,
                                        0,
                                        false,
                                        Optional.empty(),
                                        result.reason())));
        tables.forEach(
                table ->
                        repaired.add(repaired(table, stopped.contains(table), mending, otherwise)));
        repaired.sort(Comparator.comparing(RepairedTable::table));
        return new RepairReport(
                migration,
                startedAt,
                Duration.ofNanos(System.nanoTime() - started),
                position,
                pause,
                repaired);
    }

    private RepairedTable repaired(
            TableId table, boolean stopped, Mending mending, String otherwise) {
        TableResult first =
                found.getOrDefault(table, TableResult.notValidated(table, Validation.RESTLESS));
        TableResult last = verified.getOrDefault(table, first);
        String reason = mending.failure(table).orElse(last.isEqual() && !stopped ? "" : otherwise);
        boolean untouched = first.isEqual() && !verified.containsKey(table);
        return new RepairedTable(
                table,
                reason.isEmpty()
                        ? untouched ? RepairedTable.Outcome.EQUAL : RepairedTable.Outcome.REPAIRED
                        : RepairedTable.Outcome.NOT_REPAIRED,
                first,
                mending.mended(table),
                restarted.contains(table),
                Optional.ofNullable(verified.get(table)),
                reason);
    }
}
