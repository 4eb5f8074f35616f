package io.landbridge.validate;

import io.landbridge.config.ValidationConfig.Mode;
import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.Digest;
import io.landbridge.schema.digest.KeyRange;
import io.landbridge.schema.digest.RowCursor;
import io.landbridge.schema.digest.RowDigest;
import io.landbridge.schema.digest.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One table's comparison, range by range. Ranges may be compared by several threads, each with
 * readers of its own; what they find is gathered here.
 */
final class TableComparison {

    /** Rows that a bucket should hold: what is fetched for one differing row. */
    private static final long ROWS_PER_BUCKET = 400;

    private static final int MOST_BUCKETS = 1 << 16;
    private static final int KEYS_PER_QUERY = 100;
    private static final int KEYS_PER_PART = 500;

    private final ComparedTable.Pair table;
    private final ValidationOptions options;
    private final Mode mode;
    private final Scope.Rows wanted;
    private final Mask mask;
    private final long startedNanos = System.nanoTime();
    private final Digest source = new Digest(1);
    private final Digest target = new Digest(1);
    private final List<RowDifference> differences = new ArrayList<>();
    private Sample sample = Sample.EVERY_ROW;
    private long sourceRows;
    private long targetRows;
    private long missing;
    private long extra;
    private long different;

    /**
     * @param wanted which rows are compared; single ones are compared in every mode
     */
    TableComparison(ComparedTable.Pair table, ValidationOptions options, Scope.Rows wanted) {
        this.table = table;
        this.wanted = wanted.fit(table.source());
        this.options = options;
        this.mode = this.wanted.isAll() ? options.modes().of(table.source().id()) : Mode.FULL;
        this.mask = new Mask(options.mask());
    }

    /**
     * What is to be compared, range by range. Counts the rows when that is all there is to do, or
     * when the sample depends on it.
     */
    List<Part> plan(Readers readers) {
        if (!wanted.isAll()) {
            List<Part> parts = new ArrayList<>();
            List<List<String>> keys = List.copyOf(wanted.keys());
            for (int from = 0; from < keys.size(); from += KEYS_PER_PART) {
                parts.add(
                        new Keys(
                                this,
                                keys.subList(from, Math.min(keys.size(), from + KEYS_PER_PART))));
            }
            return parts;
        }
        if (mode != Mode.FULL) {
            sourceRows = readers.source().count(table.source());
            targetRows = readers.target().count(table.target());
        }
        if (mode == Mode.COUNT) {
            return List.of();
        }
        if (mode == Mode.SAMPLE) {
            sample = Sample.of(options.sampleSize(), sourceRows);
        }
        long estimate = readers.source().estimate(table.source());
        long parts = Math.min(10_000, estimate / options.rowsPerRange() + 1);
        List<KeyRange> ranges =
                parts > 1 && table.source().rangeType().isPresent()
                        ? KeyRange.between(
                                readers.source().bounds(table.source(), (int) parts, estimate))
                        : List.of(KeyRange.ALL);
        long rows = sample.isEveryRow() ? estimate : Math.min(estimate, options.sampleSize());
        int buckets = buckets(rows / ranges.size());
        return ranges.stream().<Part>map(range -> new Range(this, range, buckets)).toList();
    }

    /** What one worker compares at a time. */
    sealed interface Part {
        TableComparison table();

        /** Gives the number of rows at the source that were compared. */
        long compare(Readers readers, RowSink sink);
    }

    /** A range of one table, and into how many buckets its rows are dealt. */
    record Range(TableComparison table, KeyRange range, int buckets) implements Part {
        @Override
        public long compare(Readers readers, RowSink sink) {
            return table.compare(this, readers, sink);
        }
    }

    /** Single rows of one table. */
    record Keys(TableComparison table, List<List<String>> keys) implements Part {
        @Override
        public long compare(Readers readers, RowSink sink) {
            return table.compare(this, readers, sink);
        }
    }

    private static int buckets(long rows) {
        long wanted = Math.max(1, Math.min(MOST_BUCKETS, rows / ROWS_PER_BUCKET));
        return (int) Long.highestOneBit(wanted);
    }

    private long compare(Keys part, Readers readers, RowSink sink) {
        var cursors =
                readers.both(
                        reader -> reader.rows(table.source(), part.keys),
                        reader -> reader.rows(table.target(), part.keys));
        Digest here = new Digest(1);
        Digest there = new Digest(1);
        report(
                differing(
                        new SummedRows(cursors.source(), here),
                        new SummedRows(cursors.target(), there),
                        sink),
                readers);
        synchronized (this) {
            source.addTotal(here);
            target.addTotal(there);
        }
        return here.rows();
    }

    private long compare(Range part, Readers readers, RowSink sink) {
        var both =
                readers.both(
                        reader -> reader.digest(table.source(), part.range, sample, part.buckets),
                        reader -> reader.digest(table.target(), part.range, sample, part.buckets));
        BitSet differing = both.source().differing(both.target());
        synchronized (this) {
            source.addTotal(both.source());
            target.addTotal(both.target());
        }
        if (!differing.isEmpty()) {
            examine(part, differing, readers, sink);
        }
        return both.source().rows();
    }

    /** Down to the rows, and for those that are listed, to the columns. */
    private void examine(Range part, BitSet buckets, Readers readers, RowSink sink) {
        var cursors =
                readers.both(
                        reader ->
                                reader.rows(
                                        table.source(), part.range, sample, part.buckets, buckets),
                        reader ->
                                reader.rows(
                                        table.target(), part.range, sample, part.buckets, buckets));
        report(differing(cursors.source(), cursors.target(), sink), readers);
    }

    /** Counts and tells what differs, and returns what is to be listed; closes the cursors. */
    private List<DifferingRow> differing(RowCursor source, RowCursor target, RowSink sink) {
        List<DifferingRow> found = new ArrayList<>();
        try (RowCursor here = source;
                RowCursor there = target) {
            new RowMerge(here, there)
                    .run(
                            row -> {
                                sink.differs(table, row);
                                if (count(row)) {
                                    found.add(row);
                                }
                            });
        }
        return found;
    }

    private void report(List<DifferingRow> found, Readers readers) {
        for (int from = 0; from < found.size(); from += KEYS_PER_QUERY) {
            List<RowDifference> described =
                    describe(
                            found.subList(from, Math.min(found.size(), from + KEYS_PER_QUERY)),
                            readers);
            synchronized (this) {
                differences.addAll(described);
            }
        }
    }

    /** Counts a difference; true when it is to be listed too. */
    private synchronized boolean count(DifferingRow row) {
        boolean listed = missing + extra + different < options.differencesPerTable();
        if (row.isMissing()) {
            missing += row.rows();
        } else if (row.isExtra()) {
            extra += row.rows();
        } else {
            different += row.rows();
        }
        return listed;
    }

    private List<RowDifference> describe(List<DifferingRow> found, Readers readers) {
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
            if (options.values()) {
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

    ComparedTable.Pair table() {
        return table;
    }

    /** Whether both snapshots still showed the table as it was, after all of it was read. */
    boolean isIntact(Readers readers) {
        return readers.source().isIntact(table.source())
                && readers.target().isIntact(table.target());
    }

    /** What was found, once every part has been compared. */
    synchronized TableResult result(String position) {
        boolean hashed = mode != Mode.COUNT;
        long here = mode == Mode.FULL ? source.rows() : sourceRows;
        long there = mode == Mode.FULL ? target.rows() : targetRows;
        boolean equal = here == there && source.differing(target).isEmpty();
        return new TableResult(
                table.source().id(),
                equal ? TableResult.Outcome.EQUAL : TableResult.Outcome.DIFFERENT,
                Optional.of(mode),
                position,
                here,
                there,
                source.rows(),
                hashed ? source.hash() : "",
                hashed ? target.hash() : "",
                missing,
                extra,
                different,
                differences,
                equal ? "" : reason(here, there),
                Duration.ofNanos(System.nanoTime() - startedNanos));
    }

    private String reason(long here, long there) {
        return here == there
                ? "rows differ"
                : here + " rows at the source, " + there + " at the target";
    }
}
