package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.schema.Column;
import io.landbridge.schema.Table;
import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.validate.TableComparison.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
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

    private static final String RESTLESS =
            "it was truncated or rewritten each time while it was compared";

    private final String migration;
    private final Rendezvous rendezvous;
    private final List<Table> sourceTables;
    private final Map<TableId, Table> targetTables;
    private final ValidationOptions options;
    private final ConcurrentLinkedQueue<Readers> open = new ConcurrentLinkedQueue<>();
    private volatile PartQueue queue;
    private volatile boolean cancelled;
    private volatile Runnable throttle = () -> {};

    public Validation(
            String migration,
            Rendezvous rendezvous,
            List<Table> sourceTables,
            Map<TableId, Table> targetTables,
            ValidationOptions options) {
        this.migration = migration;
        this.rendezvous = rendezvous;
        this.sourceTables = List.copyOf(sourceTables);
        this.targetTables = Map.copyOf(targetTables);
        this.options = options;
    }

    /** Called by each worker before each part of a table, of about 200,000 rows; may wait. */
    public void throttle(Runnable beforeEachPart) {
        throttle = beforeEachPart;
    }

    /** Tables whose comparison has ended, of this run. */
    public int progress() {
        PartQueue now = queue;
        return now == null ? 0 : now.tablesDone();
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

    /** Ends the run that is under way; does nothing when there is none. */
    public void cancel() {
        cancelled = true;
        open.forEach(Readers::cancel);
    }

    private ValidationReport run(
            Scope scope, Map<TableId, String> excluded, Supplier<Meeting> place) {
        Instant startedAt = Instant.now();
        long started = System.nanoTime();
        cancelled = false;
        queue = null;
        List<TableResult> results = new ArrayList<>();
        List<ComparedTable.Pair> wanted = new ArrayList<>();
        sourceTables.stream()
                .filter(table -> scope.includes(table.id()))
                .sorted(Comparator.comparingLong(Table::bytes).reversed())
                .forEach(table -> sort(table, excluded, wanted, results));
        Meetings meetings = new Meetings();
        List<ComparedTable.Pair> tables = wanted;
        for (int round = 1; !tables.isEmpty() && round <= ROUNDS; round++) {
            tables = compareOnce(place, scope, tables, results, meetings);
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
                results);
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
            Meetings meetings) {
        try (Meeting meeting = place.get()) {
            meetings.position = meeting.position().text();
            Duration pause = meeting.release();
            if (pause.compareTo(meetings.longestPause) > 0) {
                meetings.longestPause = pause;
            }
            LOG.info(
                    "comparing {} tables at {}; the applier stood still for {} ms",
                    tables.size(),
                    meetings.position,
                    pause.toMillis());
            PartQueue parts = new PartQueue(meetings.position, options, scope, tables);
            queue = parts;
            compare(meeting, parts);
            results.addAll(parts.results());
            return parts.changed();
        }
    }

    private void sort(
            Table table,
            Map<TableId, String> excluded,
            List<ComparedTable.Pair> compared,
            List<TableResult> results) {
        Table there = targetTables.get(table.id());
        if (excluded.containsKey(table.id())) {
            results.add(TableResult.notValidated(table.id(), excluded.get(table.id())));
        } else if (there == null) {
            results.add(TableResult.notValidated(table.id(), "the target has no such table"));
        } else {
            ComparedTable.Pair pair = ComparedTable.of(table, there);
            List<String> absent =
                    table.columns().stream()
                            .map(Column::name)
                            .filter(name -> !pair.source().columns().contains(name))
                            .toList();
            if (absent.isEmpty()) {
                compared.add(pair);
            } else {
                results.add(
                        TableResult.notValidated(
                                table.id(), "columns missing at the target: " + absent));
            }
        }
    }

    private void compare(Meeting meeting, PartQueue parts) {
        ExecutorService workers =
                Executors.newFixedThreadPool(
                        options.workers(), task -> new Thread(task, "landbridge-validate"));
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int worker = 0; worker < options.workers(); worker++) {
                running.add(workers.submit(() -> work(meeting, parts)));
            }
            Fault failure = null;
            for (Future<?> one : running) {
                failure = outcome(one, failure);
            }
            if (cancelled) {
                throw Fault.of(FaultCode.VALIDATION_FAILED, "the validation was cancelled");
            }
            if (failure != null) {
                throw failure;
            }
        } finally {
            workers.shutdownNow();
        }
    }

    private Void work(Meeting meeting, PartQueue parts) throws InterruptedException {
        boolean done = false;
        try (Readers readers = new Readers(meeting)) {
            open.add(readers);
            try {
                for (Optional<Part> part = parts.next(readers);
                        part.isPresent() && !cancelled;
                        part = parts.next(readers)) {
                    throttle.run();
                    part.get().compare(readers);
                    parts.done(part.get(), readers);
                }
            } finally {
                open.remove(readers);
            }
            done = true;
        } finally {
            if (!done) {
                parts.stop();
            }
        }
        return null;
    }

    private static Fault outcome(Future<?> worker, Fault before) {
        Fault failure;
        try {
            worker.get();
            return before;
        } catch (ExecutionException e) {
            failure =
                    e.getCause() instanceof Fault fault
                            ? fault
                            : Fault.of(FaultCode.INTERNAL, "a comparison failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = Fault.of(FaultCode.VALIDATION_FAILED, "the validation was interrupted", e);
        }
        if (before == null) {
            return failure;
        }
        before.addSuppressed(failure);
        return before;
    }
}
