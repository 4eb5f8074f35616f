package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.schema.digest.ComparedTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What has come of mending so far, of all menders together. Thread-safe. */
final class Mending {

    private final Map<TableId, Long> mended = new HashMap<>();
    private final Map<TableId, String> failures = new HashMap<>();
    private final Map<ComparedTable.Pair, List<List<String>>> postponed = new HashMap<>();

    synchronized void mended(TableId table, long rows) {
        mended.merge(table, rows, Long::sum);
    }

    synchronized long mended(TableId table) {
        return mended.getOrDefault(table, 0L);
    }

    /** Nothing more is written to {@code table}; the first reason stays. */
    synchronized void failed(TableId table, String reason) {
        failures.putIfAbsent(table, reason);
    }

    synchronized Optional<String> failure(TableId table) {
        return Optional.ofNullable(failures.get(table));
    }

    /** These rows are deleted, and can't be inserted before others have been deleted too. */
    synchronized void postpone(ComparedTable.Pair table, List<List<String>> keys) {
        postponed.computeIfAbsent(table, none -> new ArrayList<>()).addAll(keys);
    }

    synchronized boolean hasPostponed() {
        return !postponed.isEmpty();
    }

    synchronized Map<ComparedTable.Pair, List<List<String>>> takePostponed() {
        Map<ComparedTable.Pair, List<List<String>>> taken = Map.copyOf(postponed);
        postponed.clear();
        return taken;
    }
}
