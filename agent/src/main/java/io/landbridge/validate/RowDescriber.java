package io.landbridge.validate;

import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.RowDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says of rows that differ in which columns they do, by asking both sides for these rows alone.
 * Values are shown only where the options say so, those of masked columns never. Thread-safe.
 */
final class RowDescriber {

    private static final int KEYS_PER_QUERY = 100;

    private final ComparedTable.Pair table;
    private final boolean showsValues;
    private final Mask mask;

    RowDescriber(ComparedTable.Pair table, ValidationOptions options) {
        this.table = table;
        this.showsValues = options.values();
        this.mask = new Mask(options.mask());
    }

    /** What is to be listed of {@code found}, in that order. */
    List<RowDifference> describe(List<DifferingRow> found, Readers readers) {
        List<RowDifference> described = new ArrayList<>(found.size());
        for (int from = 0; from < found.size(); from += KEYS_PER_QUERY) {
            described.addAll(
                    columns(
                            found.subList(from, Math.min(found.size(), from + KEYS_PER_QUERY)),
                            readers));
        }
        return described;
    }

    private List<RowDifference> columns(List<DifferingRow> found, Readers readers) {
        List<List<String>> keys =
                found.stream()
                        .filter(DifferingRow::isDifferent)
                        .map(one -> one.row().key())
                        .toList();
        Map<String, List<Optional<String>>> here = Map.of();
        Map<String, List<Optional<String>>> there = Map.of();
        Map<String, List<Optional<String>>> hereValues = Map.of();
        Map<String, List<Optional<String>>> thereValues = Map.of();
        if (!keys.isEmpty()) {
            here = readers.source().columns(table.source(), keys, false);
            there = readers.target().columns(table.target(), keys, false);
            if (showsValues) {
                hereValues = readers.source().columns(table.source(), keys, true);
                thereValues = readers.target().columns(table.target(), keys, true);
            }
        }
        List<RowDifference> described = new ArrayList<>(found.size());
        for (DifferingRow one : found) {
            String hash = one.row().keyHash();
            List<Integer> columns =
                    one.isDifferent() ? unequal(here.get(hash), there.get(hash)) : List.of();
            described.add(
                    new RowDifference(
                            kind(one),
                            key(one.row()),
                            one.rows(),
                            one.row().rowHash(),
                            columns.stream().map(table.source().columns()::get).toList(),
                            values(columns, hereValues.get(hash), thereValues.get(hash))));
        }
        return described;
    }

    private static RowDifference.Kind kind(DifferingRow found) {
        if (found.isMissing()) {
            return RowDifference.Kind.MISSING;
        }
        return found.isExtra() ? RowDifference.Kind.EXTRA : RowDifference.Kind.DIFFERENT;
    }

    private Map<String, String> key(RowDigest row) {
        Map<String, String> key = new LinkedHashMap<>();
        for (int i = 0; i < row.key().size(); i++) {
            String column = table.source().key().get(i);
            key.put(
                    column,
                    mask.hides(table.source().id(), column) ? Mask.HIDDEN : row.key().get(i));
        }
        return key;
    }

    private static List<Integer> unequal(
            List<Optional<String>> here, List<Optional<String>> there) {
        List<Integer> unequal = new ArrayList<>();
        for (int i = 0; here != null && there != null && i < here.size(); i++) {
            if (!here.get(i).equals(there.get(i))) {
                unequal.add(i);
            }
        }
        return unequal;
    }

    private Map<String, RowDifference.Values> values(
            List<Integer> columns, List<Optional<String>> here, List<Optional<String>> there) {
        Map<String, RowDifference.Values> values = new LinkedHashMap<>();
        for (int column : columns) {
            String name = table.source().columns().get(column);
            if (here != null && there != null && !mask.hides(table.source().id(), name)) {
                values.put(name, new RowDifference.Values(here.get(column), there.get(column)));
            }
        }
        return values;
    }
}
