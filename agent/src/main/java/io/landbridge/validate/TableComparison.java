package io.landbridge.validate;

import io.landbridge.config.ValidationConfig.Mode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.Digest;
import io.landbridge.schema.digest.KeyRange;
import io.landbridge.schema.digest.RowCursor;
import io.landbridge.schema.digest.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * One table's comparison, range by range. Ranges may be compared by several threads, each with
 * readers of its own; what they find is gathered here.
 */
final class TableComparison {

    /** Rows that a bucket should hold: what is fetched for one differing row. */
    private static final long ROWS_PER_BUCKET = 400;

    private static final int MOST_BUCKETS = 1 << 16;
    private static final int KEYS_PER_PART = 500;
    private static final int MOST_PARTS = 10_000;

    private final ComparedTable.Pair table;
    private final String position;
    private final ValidationOptions options;
    private final EqualParts known;
    private final Mode mode;
    private final Scope.Rows wanted;
    private final RowDescriber describer;
    private final long startedNanos = System.nanoTime();
    private final Digest source = new Digest(1);
    private final Digest target = new Digest(1);
    private final List<RowDifference> differences = new ArrayList<>();

    /** Parts that were equal and are not kept yet. */
    private final Map<Integer, Digest> equal = new ConcurrentHashMap<>();

    private Sample sample = Sample.EVERY_ROW;
    private String since;
    private int parts;
    private int taken;
    private long sourceRows;
    private long targetRows;
    private long missing;
    private long extra;
    private long different;

    /**
     * @param wanted which rows are compared; single ones are compared in every mode
     * @param position where in the source's log both sides are
     * @param known what need not be compared again; asked only where all rows are wanted
     */
    TableComparison(
            ComparedTable.Pair table,
            ValidationOptions options,
            Scope.Rows wanted,
            String position,
            EqualParts known) {
        this.table = table;
        this.wanted = wanted.fit(table.source());
        this.options = options;
        this.position = position;
        this.since = position;
        this.known = this.wanted.isAll() ? known : EqualParts.FORGOTTEN;
        this.mode = this.wanted.isAll() ? options.modes().of(table.source().id()) : Mode.FULL;
        this.describer = new RowDescriber(table, options);
    }

    /** How many parts {@link #plan} gives at most. */
    long mostParts() {
        return wanted.isAll() ? MOST_PARTS : wanted.keys().size() / KEYS_PER_PART + 1;
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
        List<EqualPart> cut = known.of(table);
        if (!cut.isEmpty() && (mode == Mode.FULL || cut.get(0).found().isPresent())) {
            return goOn(cut, readers);
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
        long most = Math.min(MOST_PARTS, estimate / options.rowsPerRange() + 1);
        List<KeyRange> ranges =
                most > 1 && table.source().rangeType().isPresent()
                        ? KeyRange.between(
                                readers.source().bounds(table.source(), (int) most, estimate))
                        : List.of(KeyRange.ALL);
        parts = ranges.size();
        if (isKeptInParts()) {
            known.cut(table, ranges);
        }
        long rows = sample.isEveryRow() ? estimate : Math.min(estimate, options.sampleSize());
        int buckets = buckets(rows / ranges.size());
        return IntStream.range(0, ranges.size())
                .<Part>mapToObj(i -> new Range(this, i, ranges.get(i), buckets))
                .toList();
    }

    /** What is left of a table that a validation before this one has cut. */
    private List<Part> goOn(List<EqualPart> cut, Readers readers) {
        parts = cut.size();
        cut.forEach(part -> part.found().ifPresent(this::take));
        List<EqualPart> left = cut.stream().filter(part -> part.found().isEmpty()).toList();
        if (left.isEmpty()) {
            return List.of();
        }
        int buckets = buckets(readers.source().estimate(table.source()) / cut.size());
        return left.stream()
                .<Part>map(part -> new Range(this, part.number(), part.range(), buckets))
                .toList();
    }

    /** Whether every row's contents are to be compared, and none are yet. */
    boolean comparesAllRows() {
        return mode == Mode.FULL && wanted.isAll() && known.of(table).isEmpty();
    }

    /** All of it, on both sides: they are the same. */
    synchronized void takeEqual(Digest digest) {
        source.addTotal(digest);
        target.addTotal(digest);
    }

    private synchronized void take(EqualPart.Found found) {
        taken++;
        sourceRows += found.rows();
        targetRows += found.rows();
        source.add(found.comparedRows(), found.hash());
        target.add(found.comparedRows(), found.hash());
        SourcePosition there = SourcePosition.parse(found.position());
        if (SourcePosition.parse(since).covers(there)) {
            since = found.position();
        }
    }

    /** A range of one table, and into how many buckets its rows are dealt. */
    record Range(TableComparison table, int number, KeyRange range, int buckets) implements Part {
        @Override
        public long compare(Readers readers, RowSink sink) {
            return table.compare(this, readers, sink);
        }

        @Override
        public void done(PartQueue queue, Readers readers) {
            if (table.isKeptInParts() && table.isIntact(readers)) {
                table.keep(this);
            }
            queue.done(table, readers);
        }
    }

    /** Single rows of one table. */
    record Keys(TableComparison table, List<List<String>> keys) implements Part {
        @Override
        public long compare(Readers readers, RowSink sink) {
            return table.compare(this, readers, sink);
        }

        @Override
        public void done(PartQueue queue, Readers readers) {
            queue.done(table, readers);
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
        readers.agreeOnHash(table);
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
        } else if (isKeptInParts()) {
            equal.put(part.number, both.source());
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
        List<RowDifference> described = describer.describe(found, readers);
        synchronized (this) {
            differences.addAll(described);
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

    ComparedTable.Pair table() {
        return table;
    }

    /** Whether both snapshots still showed the table as it was, after all of it was read. */
    boolean isIntact(Readers readers) {
        return readers.source().isIntact(table.source())
                && readers.target().isIntact(table.target());
    }

    /** Whether its parts are remembered one by one. */
    private boolean isKeptInParts() {
        return mode == Mode.FULL && parts > 1;
    }

    /** Remembers that {@code part} is equal, if it is; the table must have been intact. */
    private void keep(Range part) {
        Digest digest = equal.remove(part.number);
        if (digest != null) {
            known.equal(table, part.number, found(digest.rows(), digest));
        }
    }

    /** Remembers that the table is equal, if it is; it must have been intact, and all compared. */
    void keep() {
        if (!isKeptInParts() && taken == 0 && isEqual()) {
            known.cut(table, List.of(KeyRange.ALL));
            known.equal(table, 0, found(rowsHere(), source));
        }
    }

    private long rowsHere() {
        return mode == Mode.FULL ? source.rows() : sourceRows;
    }

    private long rowsThere() {
        return mode == Mode.FULL ? target.rows() : targetRows;
    }

    private boolean isEqual() {
        return rowsHere() == rowsThere() && source.differing(target).isEmpty();
    }

    private EqualPart.Found found(long rows, Digest digest) {
        return new EqualPart.Found(position, rows, digest.rows(), digest.hash());
    }

    /** Both snapshots did not show the table as it was: nothing of it counts. */
    void forget() {
        known.forget(table);
    }

    /** What was found, once every part has been compared. */
    synchronized TableResult result() {
        boolean hashed = mode != Mode.COUNT;
        long here = rowsHere();
        long there = rowsThere();
        boolean same = isEqual();
        return new TableResult(
                table.source().id(),
                same ? TableResult.Outcome.EQUAL : TableResult.Outcome.DIFFERENT,
                Optional.of(mode),
                since,
                here,
                there,
                source.rows(),
                hashed ? source.hash() : "",
                hashed ? target.hash() : "",
                missing,
                extra,
                different,
                differences,
                same ? "" : reason(here, there),
                Duration.ofNanos(System.nanoTime() - startedNanos));
    }

    private String reason(long here, long there) {
        return here == there
                ? "rows differ"
                : here + " rows at the source, " + there + " at the target";
    }
}
