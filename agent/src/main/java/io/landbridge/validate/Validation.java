package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.schema.Table;
import io.landbridge.schema.digest.ComparedTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares both sides, row by row, at one place in the source's log while writes go on.
 *
 * <p>Rows don't leave the databases: each side hashes its rows within its snapshot, parts that hash
 * alike are done with, and only the rows of differing buckets are looked at by their hashes. There
 * are no false alarms: both snapshots show exactly the same transactions.
 *
 * <p>One run at a time; {@link #cancel} and {@link #progress} come from any thread.
 */
public final class Validation {

    private static final Logger LOG = LoggerFactory.getLogger(Validation.class);

    /** How often a table is compared that is truncated or rewritten meanwhile. */
    private static final int ROUNDS = 10;

    /** Rows that are looked at again, about 30 MB. */
    private static final int MOST_DOUBTS = 100_000;

    /** At rows that differ while nobody can stop what writes to the target. */
    private static final int LOOKS = 10;

    static final String RESTLESS = "it was truncated or rewritten each time while it was compared";

    private final String migration;
    private final Rendezvous rendezvous;
    private final List<Table> sourceTables;
    private final Map<TableId, Table> targetTables;
    private final ValidationOptions options;
    private final EqualParts known;
    private final MeetingComparison comparison;

    /** Of a validation that begins anew whenever it is broken off. */
    public Validation(
            String migration,
            Rendezvous rendezvous,
            List<Table> sourceTables,
            Map<TableId, Table> targetTables,
            ValidationOptions options) {
        this(migration, rendezvous, sourceTables, targetTables, options, EqualParts.FORGOTTEN);
    }

    /**
     * Of a validation that can be gone on with.
     *
     * @param known what an earlier one has found equal; told what this one finds
     */
    public Validation(
            String migration,
            Rendezvous rendezvous,
            List<Table> sourceTables,
            Map<TableId, Table> targetTables,
            ValidationOptions options,
            EqualParts known) {
        this.migration = migration;
        this.rendezvous = rendezvous;
        this.sourceTables = List.copyOf(sourceTables);
        this.targetTables = Map.copyOf(targetTables);
        this.options = options;
        this.known = known;
        this.comparison = new MeetingComparison(options.rowsPerSecond());
    }

    /** Called by each worker before each part of a table, of about 200,000 rows; may wait. */
    public void beforeEachPart(Runnable hook) {
        comparison.beforeEachPart(hook);
    }

    /** Tables whose comparison has ended, of this run. */
    public int progress() {
        return comparison.tablesDone();
    }

    /**
     * Compares while writes go on.
     *
     * @param excluded tables that can't be equal (stopped, not loaded) and why: they are reported
     *     as not validated, which fails the validation
     * @throws Fault VALIDATION_FAILED when it was cancelled or both sides could not meet; the
     *     faults of either database. Rows that differ are no fault: the report says so
     */
    public ValidationReport run(Map<TableId, String> excluded) {
        return run(Scope.EVERYTHING, excluded);
    }

    /** As {@link #run(Map)}, of the rows that {@code scope} names only. */
    public ValidationReport run(Scope scope, Map<TableId, String> excluded) {
        return run(scope, excluded, rendezvous::meet);
    }

    /** Compares two sides that nobody writes to, such as behind the fence. */
    public ValidationReport runStanding(Map<TableId, String> excluded) {
        return runStanding(Scope.EVERYTHING, excluded);
    }

    /** As {@link #runStanding(Map)}, of the rows that {@code scope} names only. */
    public ValidationReport runStanding(Scope scope, Map<TableId, String> excluded) {
        return run(scope, excluded, rendezvous::meetStanding);
    }

    /**
     * Compares while writes go on and nobody can stop what writes to the target, so that both sides
     * never stand at one place: rows that differ are looked at again and again, see {@link
     * Settling}.
     *
     * @param travel returns once everything that was committed at the source before the call has
     *     arrived at the target
     */
    public ValidationReport runSettling(
            Scope scope, Map<TableId, String> excluded, Runnable travel) {
        Settling settling = new Settling(MOST_DOUBTS);
        ValidationReport first = run(scope, excluded, rendezvous::meetStanding, settling);
        settling.begun();
        for (int look = 0; look < LOOKS && settling.isOpen(); look++) {
            travel.run();
            settling.looked(look(settling, settling.scope(), options.listing(0)).keySet());
        }
        Map<TableId, TableResult> listed = look(settling, settling.sure(), options);
        return new ValidationReport(
                migration,
                first.mode(),
                first.startedAt(),
                Duration.between(first.startedAt(), Instant.now()),
                first.position(),
                Duration.ZERO,
                first.tables().stream()
                        .map(
                                result ->
                                        settling.settled(
                                                result,
                                                Optional.ofNullable(listed.get(result.table()))))
                        .toList(),
                List.of());
    }

    /** Gives the results of tables that stayed what they were while they were looked at. */
    private Map<TableId, TableResult> look(Settling settling, Scope scope, ValidationOptions how) {
        comparison.checkNotCancelled();
        if (scope.isEmpty()) {
            return Map.of();
        }
        try (Meeting meeting = rendezvous.meetStanding()) {
            PartQueue parts =
                    new PartQueue(
                            meeting.position().text(),
                            how,
                            scope,
                            settling.pairs(scope),
                            EqualParts.FORGOTTEN);
            comparison.compare(meeting, parts, options.workers(), settling::sink);
            return parts.results().stream()
                    .collect(Collectors.toMap(TableResult::table, result -> result));
        }
    }

    /** Ends the run that is under way; does nothing when there is none. */
    public void cancel() {
        comparison.cancel();
    }

    private ValidationReport run(
            Scope scope, Map<TableId, String> excluded, Supplier<Meeting> place) {
        return run(scope, excluded, place, new Settling(0));
    }

    private ValidationReport run(
            Scope scope,
            Map<TableId, String> excluded,
            Supplier<Meeting> place,
            Settling settling) {
        Instant startedAt = Instant.now();
        long started = System.nanoTime();
        comparison.begin();
        Pairing pairing =
                Pairing.of(
                        sourceTables.stream().filter(table -> scope.includes(table.id())).toList(),
                        targetTables,
                        excluded);
        List<TableResult> results = new ArrayList<>(pairing.refused());
        Meetings meetings = new Meetings();
        List<ComparedTable.Pair> tables = pairing.pairs();
        for (int round = 1; !tables.isEmpty() && round <= ROUNDS; round++) {
            settling.forget(
                    tables.stream().map(pair -> pair.source().id()).collect(Collectors.toSet()));
            tables = compareOnce(place, scope, tables, results, meetings, settling);
        }
        tables.forEach(
                table -> results.add(TableResult.notValidated(table.source().id(), RESTLESS)));
        results.sort(Comparator.comparing(TableResult::table));
        return new ValidationReport(
                migration,
                options.mode(),
                startedAt,
                Duration.ofNanos(System.nanoTime() - started),
                meetings.position,
                meetings.longestPause,
                results,
                List.of());
    }

    /** Where both sides met last, and the longest that the applier stood still for it. */
    private static final class Meetings {
        private String position = "";
        private Duration longestPause = Duration.ZERO;
    }

    /** Returns the tables that changed in a way that snapshots don't keep out. */
    private List<ComparedTable.Pair> compareOnce(
            Supplier<Meeting> place,
            Scope scope,
            List<ComparedTable.Pair> tables,
            List<TableResult> results,
            Meetings meetings,
            Settling settling) {
        long asked = System.nanoTime();
        try (Meeting meeting = place.get()) {
            long met = System.nanoTime() - asked;
            meetings.position = meeting.position().text();
            Duration pause = meeting.release();
            if (pause.compareTo(meetings.longestPause) > 0) {
                meetings.longestPause = pause;
            }
            LOG.info(
                    "comparing {} tables at {}; both sides met after {} ms, for which the applier"
                            + " stood still for {} ms",
                    tables.size(),
                    meetings.position,
                    TimeUnit.NANOSECONDS.toMillis(met),
                    pause.toMillis());
            PartQueue parts = new PartQueue(meetings.position, options, scope, tables, known);
            try {
                comparison.compare(meeting, parts, options.workers(), settling::sink);
            } catch (Fault e) {
                save(e);
                throw e;
            }
            results.addAll(parts.results());
            return parts.changed();
        }
    }

    /** Broken off in good order, it goes on exactly where it stood. */
    private void save(Fault cause) {
        try {
            known.save();
        } catch (Fault e) {
            cause.addSuppressed(e);
        }
    }
}
