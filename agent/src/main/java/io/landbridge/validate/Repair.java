package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.config.ValidationConfig.Mode;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.Table;
import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.TableReader;
import io.landbridge.target.TableStates;
import io.landbridge.target.TargetSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(Repair.class);

    /** Mended while the applier stands: some tenths of a second. */
    private static final int FEW_ROWS = 5_000;

    /** Keys noted at a time, about 30 MB. */
    private static final int MOST_NOTED = 100_000;

    private static final int ROUNDS = 10;
    private static final int SHRINKS = 5;
    private static final long FOLLOW_MILLIS = 60_000;
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

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
        return new Run(wanted).perform();
    }

    /** One run's state. */
    private final class Run {

        private final Instant startedAt = Instant.now();
        private final long started = System.nanoTime();
        private final Pairing pairing;
        private final Map<TableId, ComparedTable.Pair> pairs = new LinkedHashMap<>();
        private final Set<TableId> stopped = new HashSet<>();
        private final Set<TableId> restarted = new HashSet<>();
        private final Mending mending = new Mending();
        private final Map<TableId, TableResult> found = new TreeMap<>();
        private final Map<TableId, TableResult> verified = new TreeMap<>();

        /** What is still to be mended. */
        private final Map<TableId, Scope.Rows> open = new LinkedHashMap<>();

        /** Tables of which not all that differs is in {@link #open}. */
        private final Set<TableId> incomplete = new HashSet<>();

        private String position = "";
        private Duration pause = Duration.ZERO;

        Run(Set<TableId> wanted) {
            pairing =
                    Pairing.of(
                            sourceTables.stream()
                                    .filter(
                                            table ->
                                                    wanted.isEmpty() || wanted.contains(table.id()))
                                    .toList(),
                            targetTables,
                            Map.of());
            pairing.pairs().forEach(pair -> pairs.put(pair.source().id(), pair));
            target.with("reading the tables' states", states::read)
                    .forEach(
                            (table, state) -> {
                                if (state.isStopped() && pairs.containsKey(table)) {
                                    stopped.add(table);
                                }
                            });
        }

        RepairReport perform() {
            try (TouchedRows touched = follow.apply(Set.copyOf(stopped))) {
                Map<TableId, Scope.Rows> all = new LinkedHashMap<>();
                pairs.keySet().forEach(table -> all.put(table, Scope.Rows.ALL));
                look(all, found, touched);
                for (int round = 0; round < ROUNDS && isOpen(); round++) {
                    Map<TableId, Scope.Rows> mendedNow = mendAll(touched);
                    look(mendedNow, verified, touched);
                }
            }
            return report();
        }

        private boolean isOpen() {
            open.keySet().removeIf(this::isFailed);
            return !open.isEmpty() || stopped.stream().anyMatch(table -> !isFailed(table));
        }

        private boolean isFailed(TableId table) {
            return mending.failure(table).isPresent();
        }

        /**
         * Compares while the applier goes on: notes what differs of tables that follow, mends those
         * that are stopped.
         */
        private void look(
                Map<TableId, Scope.Rows> scope,
                Map<TableId, TableResult> results,
                TouchedRows touched) {
            Map<TableId, Scope.Rows> left = scope;
            for (int round = 0; round < ROUNDS && !left.isEmpty(); round++) {
                try (Meeting meeting = meet()) {
                    released(meeting);
                    NotedRows noted = new NotedRows(MOST_NOTED);
                    PartQueue parts =
                            compare(
                                    meeting,
                                    left,
                                    options.workers(),
                                    () -> new Triage(mender(meeting, false), noted));
                    settle(meeting);
                    parts.results().forEach(result -> results.put(result.table(), result));
                    noted.tables().forEach(table -> open.put(table, noted.rows(table)));
                    Set<TableId> changed = ids(parts.changed());
                    incomplete.removeAll(left.keySet());
                    incomplete.addAll(noted.incomplete());
                    if (stopped.stream().anyMatch(changed::contains)) {
                        changed.addAll(stopped);
                    } else if (left.keySet().containsAll(stopped)) {
                        touched.provenAt(meeting.position());
                    }
                    left = only(left, changed);
                }
            }
            left.keySet().forEach(table -> mending.failed(table, Validation.RESTLESS));
        }

        /** Mends all that is open, and gives what has to be compared again. */
        private Map<TableId, Scope.Rows> mendAll(TouchedRows touched) {
            Map<TableId, Scope.Rows> done = new LinkedHashMap<>();
            shrink(touched);
            for (int round = 0; isOpen() && round < MOST_NOTED / FEW_ROWS + ROUNDS; round++) {
                try (TargetSession session = session();
                        Meeting meeting = meet();
                        Mender mender = new Mender(meeting, target, session, mending, true)) {
                    Map<TableId, Scope.Rows> scope = few(open);
                    scope.forEach((table, rows) -> done.merge(table, rows, this::both));
                    Map<TableId, Scope.Rows> caughtUp = touched(touched, meeting.applied());
                    Map<TableId, Scope.Rows> both = new LinkedHashMap<>(scope);
                    both.putAll(caughtUp);
                    PartQueue parts = compare(meeting, both, 1, () -> borrowed(mender));
                    mender.settle();
                    if (!parts.changed().isEmpty() || !isIntact(meeting, both.keySet())) {
                        scope.forEach((table, rows) -> open.merge(table, rows, this::both));
                        LOG.info("a table was truncated or rewritten while it was mended: again");
                        continue;
                    }
                    Set<TableId> ready =
                            stopped.stream()
                                    .filter(table -> !isFailed(table))
                                    .collect(Collectors.toSet());
                    mender.commit(
                            connection -> {
                                for (TableId table : ready) {
                                    states.restart(connection, table);
                                }
                                return null;
                            });
                    released(meeting);
                    stopped.removeAll(ready);
                    restarted.addAll(ready);
                    ready.forEach(table -> done.put(table, Scope.Rows.ALL));
                    LOG.info("mended at {}: {}, restarted {}", position, both.keySet(), ready);
                }
            }
            done.keySet().stream()
                    .filter(incomplete::contains)
                    .toList()
                    .forEach(table -> done.put(table, Scope.Rows.ALL));
            return done;
        }

        /** Whether what was read of the tables, to the last row, is what the snapshot shows. */
        private boolean isIntact(Meeting meeting, Set<TableId> tables) {
            try (TableReader reader = meeting.source().reader()) {
                return tables.stream()
                        .allMatch(table -> reader.isIntact(pairs.get(table).source()));
            }
        }

        /** Brings stopped tables so close that what is left is done in a moment. */
        private void shrink(TouchedRows touched) {
            for (int round = 0; round < SHRINKS; round++) {
                TouchedRows.Known known = touched.known();
                Map<TableId, Scope.Rows> scope = only(rows(known), stopped);
                boolean whole = scope.values().stream().anyMatch(Scope.Rows::isAll);
                if (scope.isEmpty() || (!whole && touched.rows() <= FEW_ROWS)) {
                    return;
                }
                try (Meeting meeting = meet()) {
                    released(meeting);
                    PartQueue parts =
                            compare(
                                    meeting,
                                    scope,
                                    options.workers(),
                                    () -> mender(meeting, false));
                    settle(meeting);
                    if (parts.changed().isEmpty()) {
                        touched.proven(known, meeting.position());
                    }
                }
            }
        }

        /** What the stream touched of stopped tables, all of it up to {@code applied}. */
        private Map<TableId, Scope.Rows> touched(TouchedRows touched, SourcePosition applied) {
            if (stopped.isEmpty()) {
                return Map.of();
            }
            try {
                if (!touched.awaitThrough(applied, FOLLOW_MILLIS)) {
                    throw Fault.of(
                                    FaultCode.VALIDATION_FAILED,
                                    "what was touched up to "
                                            + applied.text()
                                            + " is not known in time")
                            .hint("repair again when the lag is small");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Fault.of(FaultCode.VALIDATION_FAILED, "the repair was interrupted", e);
            }
            return only(rows(touched.known()), stopped);
        }

        /** Takes some rows out of {@code rows}: as many as are mended in a moment. */
        private Map<TableId, Scope.Rows> few(Map<TableId, Scope.Rows> rows) {
            Map<TableId, Scope.Rows> few = new LinkedHashMap<>();
            int room = FEW_ROWS;
            for (TableId table : List.copyOf(rows.keySet())) {
                Scope.Rows some = rows.get(table);
                if (room <= 0) {
                    break;
                }
                if (some.isAll() || some.keys().size() <= room || isCollidingTable(table)) {
                    rows.remove(table);
                    few.put(table, some);
                    room -= some.isAll() ? FEW_ROWS : some.keys().size();
                } else {
                    List<List<String>> keys = List.copyOf(some.keys());
                    few.put(table, Scope.Rows.of(keys.subList(0, room)));
                    rows.put(table, Scope.Rows.of(keys.subList(room, keys.size())));
                    room = 0;
                }
            }
            return few;
        }

        /** Whether one row may stand in another's way, so that all must be mended together. */
        private boolean isCollidingTable(TableId table) {
            return sourceTables.stream().anyMatch(one -> one.id().equals(table) && one.unique())
                    || targetTables.get(table).unique();
        }

        private Scope.Rows both(Scope.Rows some, Scope.Rows others) {
            if (some.isAll() || others.isAll()) {
                return Scope.Rows.ALL;
            }
            List<List<String>> keys = new ArrayList<>(some.keys());
            keys.addAll(others.keys());
            return Scope.Rows.of(keys);
        }

        private Meeting meet() {
            comparison.checkNotCancelled();
            Meeting meeting = rendezvous.meet();
            position = meeting.position().text();
            return meeting;
        }

        private void released(Meeting meeting) {
            Duration stood = meeting.release();
            pause = stood.compareTo(pause) > 0 ? stood : pause;
        }

        private PartQueue compare(
                Meeting meeting,
                Map<TableId, Scope.Rows> scope,
                int workers,
                Supplier<RowSink> sinks) {
            PartQueue parts =
                    new PartQueue(
                            position,
                            options,
                            Scope.of(scope),
                            scope.keySet().stream().map(pairs::get).toList(),
                            EqualParts.FORGOTTEN);
            comparison.compare(meeting, parts, workers, sinks);
            return parts;
        }

        private Mender mender(Meeting meeting, boolean atOnce) {
            return new Mender(meeting, target, session(), mending, atOnce);
        }

        private TargetSession session() {
            return TargetSession.open(target, "repair", LOCK_TIMEOUT);
        }

        private void settle(Meeting meeting) {
            try (Mender mender = mender(meeting, false)) {
                mender.settle();
            }
        }

        private RepairReport report() {
            List<RepairedTable> tables = new ArrayList<>();
            pairing.refused()
                    .forEach(
                            result ->
                                    tables.add(
                                            new RepairedTable(
                                                    result.table(),
                                                    RepairedTable.Outcome.NOT_REPAIRED,
                                                    result,
                                                    0,
                                                    false,
                                                    Optional.empty(),
                                                    result.reason())));
            pairs.keySet().forEach(table -> tables.add(repaired(table)));
            tables.sort(Comparator.comparing(RepairedTable::table));
            return new RepairReport(
                    migration,
                    startedAt,
                    Duration.ofNanos(System.nanoTime() - started),
                    position,
                    pause,
                    tables);
        }

        private RepairedTable repaired(TableId table) {
            TableResult first =
                    found.getOrDefault(table, TableResult.notValidated(table, Validation.RESTLESS));
            TableResult last = verified.getOrDefault(table, first);
            String reason =
                    mending.failure(table)
                            .orElse(
                                    last.isEqual() && !stopped.contains(table)
                                            ? ""
                                            : "it still differs after " + ROUNDS + " rounds");
            boolean untouched = first.isEqual() && !verified.containsKey(table);
            return new RepairedTable(
                    table,
                    reason.isEmpty()
                            ? untouched
                                    ? RepairedTable.Outcome.EQUAL
                                    : RepairedTable.Outcome.REPAIRED
                            : RepairedTable.Outcome.NOT_REPAIRED,
                    first,
                    mending.mended(table),
                    restarted.contains(table),
                    Optional.ofNullable(verified.get(table)),
                    reason);
        }

        /** Mends rows of stopped tables, notes those of others. */
        private final class Triage implements RowSink {

            private final Mender mender;
            private final NotedRows noted;

            Triage(Mender mender, NotedRows noted) {
                this.mender = mender;
                this.noted = noted;
            }

            @Override
            public void differs(ComparedTable.Pair table, DifferingRow row) {
                if (stopped.contains(table.source().id())) {
                    mender.differs(table, row);
                } else {
                    noted.differs(table, row);
                }
            }

            @Override
            public void endOfPart() {
                mender.endOfPart();
            }

            @Override
            public void close() {
                mender.close();
            }
        }
    }

    /** {@code mender} for one that must not close it. */
    private static RowSink borrowed(Mender mender) {
        return new RowSink() {
            @Override
            public void differs(ComparedTable.Pair table, DifferingRow row) {
                mender.differs(table, row);
            }

            @Override
            public void endOfPart() {
                mender.endOfPart();
            }
        };
    }

    private static Map<TableId, Scope.Rows> rows(TouchedRows.Known known) {
        return known.scope().rows().orElseThrow();
    }

    private static Set<TableId> ids(Collection<ComparedTable.Pair> tables) {
        return tables.stream()
                .map(table -> table.source().id())
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static Map<TableId, Scope.Rows> only(
            Map<TableId, Scope.Rows> rows, Set<TableId> tables) {
        Map<TableId, Scope.Rows> some = new LinkedHashMap<>(rows);
        some.keySet().retainAll(tables);
        return some;
    }
}
