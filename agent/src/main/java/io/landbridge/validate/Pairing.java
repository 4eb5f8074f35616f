package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.schema.Column;
import io.landbridge.schema.Table;
import io.landbridge.schema.digest.ComparedTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Which tables can be compared, the largest first, and why the others can't.
 *
 * @param refused nothing can be proven of them
 */
record Pairing(List<ComparedTable.Pair> pairs, List<TableResult> refused) {

    Pairing {
        pairs = List.copyOf(pairs);
        refused = List.copyOf(refused);
    }

    /**
     * Pairs tables.
     *
     * @param excluded tables that can't be equal, and why
     */
    static Pairing of(
            Collection<Table> sourceTables,
            Map<TableId, Table> targetTables,
            Map<TableId, String> excluded) {
        List<ComparedTable.Pair> pairs = new ArrayList<>();
        List<TableResult> refused = new ArrayList<>();
        sourceTables.stream()
                .sorted(Comparator.comparingLong(Table::bytes).reversed())
                .forEach(
                        table -> {
                            Table there = targetTables.get(table.id());
                            if (excluded.containsKey(table.id())) {
                                refused.add(
                                        TableResult.notValidated(
                                                table.id(), excluded.get(table.id())));
                            } else if (there == null) {
                                refused.add(
                                        TableResult.notValidated(
                                                table.id(), "the target has no such table"));
                            } else {
                                pair(table, there, pairs, refused);
                            }
                        });
        return new Pairing(pairs, refused);
    }

    private static void pair(
            Table table, Table there, List<ComparedTable.Pair> pairs, List<TableResult> refused) {
        ComparedTable.Pair pair = ComparedTable.of(table, there);
        List<String> absent =
                table.columns().stream()
                        .map(Column::name)
                        .filter(name -> !pair.source().columns().contains(name))
                        .toList();
        if (absent.isEmpty()) {
            pairs.add(pair);
        } else {
            refused.add(
                    TableResult.notValidated(
                            table.id(), "columns missing at the target: " + absent));
        }
    }
}
