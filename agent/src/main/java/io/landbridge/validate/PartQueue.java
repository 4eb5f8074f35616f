package io.landbridge.validate;

import io.landbridge.schema.digest.ComparedTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is still to be compared, dealt to workers part by part. A table is cut into its parts only
 * when its turn comes, so that no more parts are in memory than the workers are busy with. Guarded
 * by itself; the databases are asked outside of the lock.
 */
final class PartQueue {

    private final String position;
    private final ValidationOptions options;
    private final Scope scope;
    private final EqualParts known;
    private final Deque<ComparedTable.Pair> tables;
    private final Deque<Part> parts = new ArrayDeque<>();
    private final Map<TableComparison, Integer> left = new HashMap<>();
    private final List<TableResult> results = new ArrayList<>();
    private final List<ComparedTable.Pair> changed = new ArrayList<>();
    private int beingCut;
    private boolean stopped;

    PartQueue(
            String position,
            ValidationOptions options,
            Scope scope,
            Collection<ComparedTable.Pair> tables,
            EqualParts known) {
        this.position = position;
        this.options = options;
        this.scope = scope;
        this.known = known;
        this.tables = new ArrayDeque<>(tables);
    }

    /** Parts that there will be at most: no more workers find something to do. */
    synchronized long most() {
        return tables.stream().mapToLong(table -> comparison(table).mostParts()).sum();
    }

    /** The next part, waiting for one while a table is being cut; empty when there is no more. */
    Optional<Part> next(Readers readers) throws InterruptedException {
        while (true) {
            List<TableComparison> lot;
            synchronized (this) {
                while (parts.isEmpty() && tables.isEmpty() && beingCut > 0 && !stopped) {
                    wait();
                }
                if (stopped) {
                    return Optional.empty();
                }
                if (!parts.isEmpty()) {
                    return Optional.of(parts.remove());
                }
                if (tables.isEmpty()) {
                    return Optional.empty();
                }
                lot = lot();
                beingCut++;
            }
            if (lot.size() > 1) {
                return Optional.of(new Lot(lot));
            }
            cut(lot.get(0), readers);
        }
    }

    /** The next table, or, when it seems to be small, those that follow it too. */
    private List<TableComparison> lot() {
        List<TableComparison> lot = new ArrayList<>();
        lot.add(comparison(tables.remove()));
        while (!tables.isEmpty() && lot.size() < Lot.MOST && Lot.suits(lot.get(0))) {
            TableComparison next = comparison(tables.element());
            if (!Lot.suits(next)) {
                break;
            }
            tables.remove();
            lot.add(next);
        }
        return lot;
    }

    private TableComparison comparison(ComparedTable.Pair table) {
        return new TableComparison(table, options, scope.of(table.source().id()), position, known);
    }

    private void cut(TableComparison table, Readers readers) {
        List<Part> cut = List.of();
        try {
            cut = table.plan(readers);
        } finally {
            synchronized (this) {
                beingCut--;
                parts.addAll(cut);
                left.put(table, cut.size());
                notifyAll();
            }
        }
        if (cut.isEmpty()) {
            conclude(table, readers);
        }
    }

    /** One part of {@code table} is compared. */
    void done(TableComparison table, Readers readers) {
        boolean last;
        synchronized (this) {
            last = left.merge(table, -1, Integer::sum) == 0;
        }
        if (last) {
            conclude(table, readers);
        }
    }

    /** Of a lot, {@code equal} tables are done, {@code others} are to be compared one by one. */
    void done(List<TableComparison> equal, List<TableComparison> others, Readers readers) {
        equal.forEach(TableComparison::keep);
        synchronized (this) {
            equal.forEach(table -> results.add(table.result()));
            beingCut += others.size();
        }
        try {
            others.forEach(table -> cut(table, readers));
        } finally {
            synchronized (this) {
                beingCut--;
                notifyAll();
            }
        }
    }

    private void conclude(TableComparison table, Readers readers) {
        boolean intact = table.isIntact(readers);
        if (intact) {
            table.keep();
        } else {
            table.forget();
        }
        synchronized (this) {
            left.remove(table);
            if (intact) {
                results.add(table.result());
            } else {
                changed.add(table.table());
            }
        }
    }

    /** Lets the workers run out of work. */
    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    synchronized int tablesDone() {
        return results.size();
    }

    /** Tables that were truncated or rewritten under our eyes: to be compared elsewhere again. */
    synchronized List<ComparedTable.Pair> changed() {
        return List.copyOf(changed);
    }

    synchronized List<TableResult> results() {
        return List.copyOf(results);
    }
}
