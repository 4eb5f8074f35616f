package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.schema.digest.ComparedTable;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which rows differ, by key, as many as fit; a table without a key is noted as a whole. Of a table
 * that differs in more rows than fit some are noted. Thread-safe.
 */
final class NotedRows {

    private final int most;
    private final Map<TableId, Set<List<String>>> keys = new LinkedHashMap<>();
    private final Set<TableId> incomplete = new HashSet<>();
    private int count;

    NotedRows(int most) {
        this.most = most;
    }

    synchronized void differs(ComparedTable.Pair table, DifferingRow row) {
        Set<List<String>> ofTable =
                keys.computeIfAbsent(table.source().id(), none -> new LinkedHashSet<>());
        if (!table.source().hasKey()) {
            return;
        }
        if (count >= most && !ofTable.isEmpty()) {
            incomplete.add(table.source().id());
        } else if (ofTable.add(row.row().key())) {
            count++;
        }
    }

    /** Tables that differ in more rows than are noted. */
    synchronized Set<TableId> incomplete() {
        return Set.copyOf(incomplete);
    }

    synchronized Set<TableId> tables() {
        return Set.copyOf(keys.keySet());
    }

    synchronized Scope.Rows rows(TableId table) {
        Set<List<String>> ofTable = keys.get(table);
        return ofTable.isEmpty() ? Scope.Rows.ALL : Scope.Rows.of(List.copyOf(ofTable));
    }
}
