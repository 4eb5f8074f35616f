package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.config.ValidationConfig.Mode;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.Table;
import io.landbridge.target.TableState;
import io.landbridge.target.TableStates;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes rows that differ equal again while writes go on, and lets stopped tables follow again.
 *
 * <p>What keeps the stream's order: a row is only ever written with what the source held at X, and
 * only while the target's table is what the stream made of it up to X.
 *
 * <ul>
 *   <li>A table that follows: the rows that differ are noted while both sides are compared and the
 *       applier goes on. Then, a few thousand at a time, both sides meet again, and while the
 *       applier stands at X these rows are compared again and mended, in one transaction. Behind X
 *       the applier goes on as ever.
 *   <li>A stopped table: nothing of the stream is written to it, so that it is mended while it is
 *       compared. What the stream touched meanwhile is done again, until little is left; that is
 *       done while the applier stands, and the same transaction takes the stop off.
 * </ul>
 *
 * <p>Killed at any moment, it leaves rows mended or not, each with what it should be; running it
 * again finds the rest. One run at a time; {@link #cancel} and {@link #progress} come from any
 * thread.
 */
public final class Repair {

    private final String migration;
    private final Rendezvous rendezvous;
    private final Database target;
    private final TableStates states;
    private final List<Table> sourceTables;
    private final Map<TableId, Table> targetTables;
    private final ValidationOptions options;
    private final Function<Set<TableId>, TouchedRows> follow;
    private final MeetingComparison comparison;

    /**
     * @param options how it compares; every row, whatever its mode
     * @param follow begins to note which rows of these tables the stream touches from where the
     *     applier stands
     */
    public Repair(
            String migration,
            Rendezvous rendezvous,
            Database target,
            TableStates states,
            List<Table> sourceTables,
            Map<TableId, Table> targetTables,
            ValidationOptions options,
            Function<Set<TableId>, TouchedRows> follow) {
        this.migration = migration;
        this.rendezvous = rendezvous;
        this.target = target;
        this.states = states;
        this.sourceTables = List.copyOf(sourceTables);
        this.targetTables = Map.copyOf(targetTables);
        this.options = options.in(Mode.FULL);
        this.follow = follow;
        this.comparison = new MeetingComparison(0);
    }

    /** Ends the run that is under way; does nothing when there is none. */
    public void cancel() {
        comparison.cancel();
    }

    /** Tables done of the comparison that runs now. */
    public int progress() {
        return comparison.tablesDone();
    }

    /**
     * Repairs.
     *
     * @param wanted which tables are looked at; empty: all
     * @throws Fault VALIDATION_FAILED when it was cancelled or both sides could not meet; the
     *     faults of either database. A table that can't be repaired is no fault: the report says so
     */
    public RepairReport run(Set<TableId> wanted) {
        comparison.begin();
        Pairing pairing =
                Pairing.of(
                        sourceTables.stream()
                                .filter(table -> wanted.isEmpty() || wanted.contains(table.id()))
                                .toList(),
                        targetTables,
                        Map.of());
        Set<TableId> stopped = stopped(pairing);
        try (TouchedRows touched = follow.apply(stopped)) {
            return new RepairRun(
                            new RepairRun.Site(
                                    migration, rendezvous, target, states, options, comparison),
                            pairing,
                            stopped)
                    .perform(touched);
        } finally {
            target.closeReady();
        }
    }

    private Set<TableId> stopped(Pairing pairing) {
        Map<TableId, TableState> now = target.with("reading the tables' states", states::read);
        return pairing.pairs().stream()
                .map(pair -> pair.source().id())
                .filter(table -> now.containsKey(table) && now.get(table).isStopped())
                .collect(Collectors.toSet());
    }
}
