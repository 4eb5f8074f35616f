package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.TableReader;
import io.landbridge.target.PostgresSession;
import io.landbridge.target.TableStates;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of {@link Repair}. One thread. */
final class RepairRun {

    private static final Logger LOG = LoggerFactory.getLogger(RepairRun.class);

    /** Caught up with while the applier stands: some tenths of a second. */
    private static final int FEW_ROWS = 5_000;

    /** Mended while the applier stands: some tenths of a second. */
    private static final int MENDED_AT_ONCE = 2_000;

    /** Keys noted at a time, about 30 MB. */
    private static final int MOST_NOTED = 100_000;

    /** To the target, made before the applier stands. */
    private static final int CONNECTIONS = 4;

    private static final int ROUNDS = 10;
    private static final int SHRINKS = 5;
    private static final long FOLLOW_MILLIS = 60_000;
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

    private final Site site;
    private final Pairing pairing;
    private final Map<TableId, ComparedTable.Pair> pairs = new LinkedHashMap<>();
    private final Set<TableId> stopped;
    private final OpenRows open;
    private final Mending mending = new Mending();
    private final RepairFindings findings = new RepairFindings();

    /** Where rows are repaired. */
    record Site(
            String migration,
            Rendezvous rendezvous,
            Database target,
            TableStates states,
            ValidationOptions options,
            MeetingComparison comparison) {}

    /**
     * @param pairing what is repaired
     * @param stopped tables that nothing is applied to
     */
    RepairRun(Site site, Pairing pairing, Set<TableId> stopped) {
        this.site = site;
        this.pairing = pairing;
        this.stopped = new HashSet<>(stopped);
        this.open = new OpenRows(MENDED_AT_ONCE);
        pairing.pairs().forEach(pair -> pairs.put(pair.source().id(), pair));
    }

    /**
     * Repairs.
     *
     * @param touched which rows of stopped tables the stream has touched since before
     */
    RepairReport perform(TouchedRows touched) {
        Map<TableId, Scope.Rows> all = new LinkedHashMap<>();
        pairs.keySet().forEach(table -> all.put(table, Scope.Rows.ALL));
        look(all, findings.found(), touched);
        for (int round = 0; round < ROUNDS && isOpen(); round++) {
            Map<TableId, Scope.Rows> mendedNow = mendAll(touched);
            look(mendedNow, findings.verified(), touched);
        }
        return findings.report(
                site.migration(),
                pairs.keySet(),
                pairing.refused(),
                stopped,
                mending,
                "it still differs after " + ROUNDS + " rounds");
    }

    private boolean isOpen() {
        open.forget(this::isFailed);
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
                var unused = findings.release(meeting);
                NotedRows noted = new NotedRows(MOST_NOTED);
                PartQueue parts =
                        compare(
                                meeting,
                                left,
                                site.options(),
                                site.options().workers(),
                                () -> new Triage(stopped, mender(meeting), noted));
                settle(meeting);
                parts.results().forEach(result -> results.put(result.table(), result));
                open.seen(left.keySet(), noted);
                Set<TableId> changed = ids(parts.changed());
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
        for (int round = 0; isOpen() && round < MOST_NOTED / MENDED_AT_ONCE + ROUNDS; round++) {
            OpenRows.Batch batch = open.takeFew();
            site.target().keepReady(CONNECTIONS);
            try (PostgresSession session = session();
                    Meeting meeting = meet();
                    Mender mender =
                            new Mender(meeting, site.target(), session, mending, true, batch)) {
                OpenRows.add(done, batch.rows());
                Map<TableId, Scope.Rows> caughtUp = touched(touched, meeting.applied());
                Map<TableId, Scope.Rows> both = new LinkedHashMap<>(batch.rows());
                both.putAll(caughtUp);
                PartQueue parts = compare(meeting, both, 1, () -> borrowed(mender));
                mender.settle();
                if (!batch.collided().isEmpty()) {
                    open.putBack(batch);
                    LOG.info("rows stand in one another's way, at once: {}", batch.collided());
                    continue;
                }
                if (!parts.changed().isEmpty() || !isIntact(meeting, both.keySet())) {
                    open.putBack(batch);
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
                                site.states().restart(connection, table);
                            }
                            return null;
                        });
                Duration stood = findings.release(meeting);
                stopped.removeAll(ready);
                findings.restarted(ready);
                ready.forEach(table -> done.put(table, Scope.Rows.ALL));
                LOG.info(
                        "mended at {}: {}, restarted {}; the applier stood still for {} ms",
                        findings.position(),
                        batch,
                        ready,
                        stood.toMillis());
            }
        }
        done.keySet().stream()
                .filter(open::isIncomplete)
                .toList()
                .forEach(table -> done.put(table, Scope.Rows.ALL));
        return done;
    }

    /** Whether what was read of the tables, to the last row, is what the snapshot shows. */
    private boolean isIntact(Meeting meeting, Set<TableId> tables) {
        try (TableReader reader = meeting.source().reader()) {
            return tables.stream().allMatch(table -> reader.isIntact(pairs.get(table).source()));
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
                var unused = findings.release(meeting);
                PartQueue parts =
                        compare(meeting, scope, site.options().workers(), () -> mender(meeting));
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

    private Meeting meet() {
        site.comparison().checkNotCancelled();
        Meeting meeting = site.rendezvous().meet();
        findings.met(meeting);
        return meeting;
    }

    /** Compares what is mended at the same time; nothing is listed. */
    private PartQueue compare(
            Meeting meeting, Map<TableId, Scope.Rows> scope, int workers, Supplier<RowSink> sinks) {
        return compare(meeting, scope, site.options().listing(0), workers, sinks);
    }

    private PartQueue compare(
            Meeting meeting,
            Map<TableId, Scope.Rows> scope,
            ValidationOptions options,
            int workers,
            Supplier<RowSink> sinks) {
        PartQueue parts =
                new PartQueue(
                        findings.position(),
                        options,
                        Scope.of(scope),
                        scope.keySet().stream().map(pairs::get).toList(),
                        EqualParts.FORGOTTEN);
        site.comparison().compare(meeting, parts, workers, sinks);
        return parts;
    }

    private Mender mender(Meeting meeting) {
        return new Mender(
                meeting, site.target(), session(), mending, false, Mender.Collisions.UNEXPECTED);
    }

    private PostgresSession session() {
        return PostgresSession.open(site.target(), "repair", LOCK_TIMEOUT);
    }

    private void settle(Meeting meeting) {
        if (mending.hasPostponed()) {
            try (Mender mender = mender(meeting)) {
                mender.settle();
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
