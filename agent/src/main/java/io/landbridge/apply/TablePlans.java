package io.landbridge.apply;

import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.schema.Table;
import io.landbridge.target.ApplyNotes;
import io.landbridge.target.Destination;
import io.landbridge.target.TableState;
import io.landbridge.target.TableStates;
import io.landbridge.target.TargetTable;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.LoggerFactory;

/**
 * How each table is applied, read from the target's catalogue when a table first turns up, and
 * which tables are stopped. Owned by the dispatch thread; throws the faults of {@link
 * Destination#with}.
 */
final class TablePlans {

    private final Destination target;
    private final ApplyNotes notes;
    private final TableStates states;
    private final Map<TableId, Table> targetTables;
    private final Map<TableId, Set<String>> leftOut;
    private final boolean decides;
    private final Map<TableId, TableState> known = new HashMap<>();
    private final Map<TableId, TableState.Stop> stopped = new LinkedHashMap<>();
    private final Map<TableLayout, Optional<TablePlan>> byLayout = new HashMap<>();
    private final IdentityHashMap<TableLayout, Optional<TablePlan>> byIdentity =
            new IdentityHashMap<>();
    private final Map<TableId, Boolean> divided = new HashMap<>();
    private boolean converging;
    private boolean together;
    private int revision;

    TablePlans(
            Destination target,
            ApplyNotes notes,
            TableStates states,
            Map<TableId, Table> targetTables,
            Map<TableId, Set<String>> leftOut) {
        this(target, notes, states, targetTables, leftOut, true);
    }

    /** Plans of one who goes by what another has decided and written down. */
    static TablePlans following(
            Destination target,
            ApplyNotes notes,
            TableStates states,
            Map<TableId, Table> targetTables) {
        return new TablePlans(target, notes, states, targetTables, Map.of(), false);
    }

    private TablePlans(
            Destination target,
            ApplyNotes notes,
            TableStates states,
            Map<TableId, Table> targetTables,
            Map<TableId, Set<String>> leftOut,
            boolean decides) {
        this.decides = decides;
        this.target = target;
        this.notes = notes;
        this.states = states;
        this.targetTables = Map.copyOf(targetTables);
        this.leftOut = Map.copyOf(leftOut);
    }

    /**
     * Forgets all plans and reads the tables' states again: the target's schema may have changed.
     * Only while nothing is formed or in flight.
     *
     * @param converging whether changes may lie before a table's copy
     * @param together whether all workers stand together: rows are then dealt as the schema says,
     *     else as they were dealt before
     */
    void refresh(boolean converging, boolean together) {
        this.together = together;
        refresh(converging);
    }

    /** As the longer form, workers standing as they did then. */
    void refresh(boolean converging) {
        this.converging = converging;
        revision++;
        byLayout.clear();
        byIdentity.clear();
        known.clear();
        known.putAll(target.with("reading the tables' states", states::read));
        divided.clear();
        divided.putAll(target.with("reading how rows were dealt", notes::divided));
        stopped.clear();
        known.forEach((id, state) -> state.stop().ifPresent(stop -> stopped.put(id, stop)));
    }

    /** Changes with the plans. */
    int revision() {
        return revision;
    }

    /** Whether changes may lie before a table's copy, as {@link #refresh} was told. */
    boolean converge() {
        return converging;
    }

    Map<TableId, TableState.Stop> stopped() {
        return stopped;
    }

    /** The plan for changes that carry {@code layout}; empty when the table is stopped. */
    Optional<TablePlan> plan(TableLayout layout) {
        Optional<TablePlan> plan = byIdentity.get(layout);
        if (plan == null) {
            plan = byLayout.get(layout);
            if (plan == null) {
                plan = make(layout);
                byLayout.put(layout, plan);
            }
            byIdentity.put(layout, plan);
        }
        return plan;
    }

    private Optional<TablePlan> make(TableLayout layout) {
        TableId id = layout.table();
        if (stopped.containsKey(id)) {
            return Optional.empty();
        }
        Table wanted = targetTables.get(id);
        Optional<TargetTable> table = wanted == null ? Optional.empty() : target.table(wanted.id());
        if (table.isEmpty()) {
            stop(
                    Fault.of(FaultCode.SOURCE_DDL, "a change of a table that the target lacks")
                            .in(id)
                            .hint("create it there, then repair it"));
            return Optional.empty();
        }
        TargetTable written = table.get().passingOver(leftOut.getOrDefault(id, Set.of()));
        List<String> missing =
                layout.columns().stream().filter(column -> !written.has(column)).toList();
        if (!missing.isEmpty()) {
            stop(
                    Fault.of(
                                    FaultCode.SOURCE_DDL,
                                    "the source has columns that the target lacks: " + missing)
                            .in(id)
                            .hint(
                                    "make the same ALTER TABLE at the target, then repair the table"));
            return Optional.empty();
        }
        boolean dividable = layout.hasKey() && !written.rowsCollide(layout.keyColumns());
        return Optional.of(new TablePlan(layout, written, !divided(id, dividable), copied(layout)));
    }

    /** Whether the table's rows are divided; noted before the first of them is dealt. */
    private boolean divided(TableId id, boolean dividable) {
        Boolean before = divided.get(id);
        if (before != null && (!together || !decides || before == dividable)) {
            return before;
        }
        if (!decides) {
            return dividedBefore(id);
        }
        target.inTransaction(
                "noting how rows of " + id + " are dealt",
                connection -> {
                    notes.noteDivided(connection, id, dividable);
                    return null;
                });
        divided.put(id, dividable);
        return dividable;
    }

    private boolean dividedBefore(TableId id) {
        divided.putAll(target.with("reading how rows were dealt", notes::divided));
        Boolean before = divided.get(id);
        if (before == null) {
            throw Fault.of(FaultCode.INTERNAL, "nobody has noted how rows of it are dealt").in(id);
        }
        return before;
    }

    private Optional<CopyMoment> copied(TableLayout layout) {
        if (layout.hasKey() || !converging || !known.containsKey(layout.table())) {
            return Optional.empty();
        }
        return known.get(layout.table()).snapshot().map(CopyMoment::parse);
    }

    /** Stops the table at its end in the log, unless it is stopped; a table of others is none. */
    void stop(SourceEvent.TableEnd end) {
        if (known.containsKey(end.table()) && !stopped.containsKey(end.table())) {
            stop(Fault.of(FaultCode.valueOf(end.code()), end.reason()).in(end.table()));
        }
    }

    /** Stops the fault's table: nothing is written to it from here on. */
    void stop(Fault fault) {
        TableId id = fault.table().orElseThrow();
        String reason = fault.getMessage();
        if (decides) {
            stopForGood(fault, id, reason);
        }
        revision++;
        stopped.put(id, new TableState.Stop(fault.code(), reason));
        byLayout.keySet().removeIf(layout -> layout.table().equals(id));
        byIdentity.keySet().removeIf(layout -> layout.table().equals(id));
    }

    private void stopForGood(Fault fault, TableId id, String reason) {
        target.inTransaction(
                "stopping " + id,
                connection -> {
                    states.stop(connection, id, fault.code(), reason);
                    return null;
                });
        LoggerFactory.getLogger(TablePlans.class)
                .error("table {} is stopped: {}: {}", id, fault.code(), reason);
    }
}
