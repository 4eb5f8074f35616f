package io.landbridge.validate;

import io.landbridge.schema.digest.RowCursor;
import io.landbridge.schema.digest.RowDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Walks both sides' rows in the order of their key hashes and tells what is not on both. Rows of
 * one key are a multiset on each side, so that a table without a key, and a target where a key
 * stands twice, need no case of their own.
 */
final class RowMerge {

    private final Side source;
    private final Side target;

    RowMerge(RowCursor source, RowCursor target) {
        this.source = new Side(source);
        this.target = new Side(target);
    }

    /** Tells {@code sink} of each difference. */
    void run(Consumer<DifferingRow> sink) {
        while (source.head != null || target.head != null) {
            String key = least();
            compare(source.take(key), target.take(key), sink);
        }
    }

    private String least() {
        if (source.head == null) {
            return target.head.keyHash();
        }
        if (target.head == null) {
            return source.head.keyHash();
        }
        String here = source.head.keyHash();
        String there = target.head.keyHash();
        return here.compareTo(there) <= 0 ? here : there;
    }

    /** What is left on both sides once equal rows are taken away is paired. */
    private static void compare(
            Map<String, Counted> here, Map<String, Counted> there, Consumer<DifferingRow> sink) {
        for (Counted row : here.values()) {
            Counted same = there.get(row.row.rowHash());
            if (same != null) {
                long common = Math.min(row.times, same.times);
                row.times -= common;
                same.times -= common;
            }
        }
        Deque<Counted> missing = left(here);
        Deque<Counted> extra = left(there);
        while (!missing.isEmpty() || !extra.isEmpty()) {
            if (extra.isEmpty()) {
                Counted row = missing.remove();
                sink.accept(new DifferingRow(row.row, null, row.times));
            } else if (missing.isEmpty()) {
                Counted row = extra.remove();
                sink.accept(new DifferingRow(null, row.row, row.times));
            } else {
                long pairs = Math.min(missing.element().times, extra.element().times);
                sink.accept(new DifferingRow(missing.element().row, extra.element().row, pairs));
                take(missing, pairs);
                take(extra, pairs);
            }
        }
    }

    private static Deque<Counted> left(Map<String, Counted> rows) {
        Deque<Counted> left = new ArrayDeque<>(rows.values());
        left.removeIf(row -> row.times == 0);
        return left;
    }

    private static void take(Deque<Counted> rows, long times) {
        rows.element().times -= times;
        if (rows.element().times == 0) {
            rows.remove();
        }
    }

    private static final class Counted {

        private final RowDigest row;
        private long times;

        Counted(RowDigest row) {
            this.row = row;
        }
    }

    private static final class Side {

        private final RowCursor rows;
        private RowDigest head;

        Side(RowCursor rows) {
            this.rows = rows;
            advance();
        }

        private void advance() {
            head = rows.next().orElse(null);
        }

        /** All rows of one key, counted by their hash: one entry, but for a damaged target. */
        Map<String, Counted> take(String key) {
            Map<String, Counted> rowsOfKey = new LinkedHashMap<>();
            while (head != null && head.keyHash().equals(key)) {
                rowsOfKey.computeIfAbsent(head.rowHash(), hash -> new Counted(head)).times++;
                advance();
            }
            return rowsOfKey;
        }
    }
}
