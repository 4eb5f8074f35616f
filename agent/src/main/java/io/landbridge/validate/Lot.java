package io.landbridge.validate;

import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.Digest;
import io.landbridge.schema.digest.TableReader;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Tables that may be small, compared whole by one question to each side: a table by itself takes
 * eight. Those that turn out to be large, or to differ, are left to be compared one by one.
 */
final class Lot implements Part {

    /** Tables in one question at most. */
    static final int MOST = 64;

    /** Bytes of tables that are looked at; they may have grown since. */
    private static final long MOST_BYTES = 1 << 20;

    private final List<TableComparison> tables;
    private final List<TableComparison> done = new ArrayList<>();

    Lot(List<TableComparison> tables) {
        this.tables = tables;
    }

    /** Whether {@code table} may be in one. */
    static boolean suits(TableComparison table) {
        ComparedTable source = table.table().source();
        return table.comparesAllRows() && !source.partitioned() && source.bytes() <= MOST_BYTES;
    }

    @Override
    public long compare(Readers readers, RowSink sink) {
        List<TableComparison> small = pick(tables, both(tables, readers, TableReader::small));
        if (small.size() < 2) {
            return 0;
        }
        readers.agreeOnHash(small.get(0).table());
        var digests =
                readers.both(
                        reader -> reader.digests(sources(small)),
                        reader -> reader.digests(targets(small)));
        List<TableComparison> equal =
                pick(small, equal(digests.source(), digests.target(), small.size()));
        if (equal.isEmpty()) {
            return 0;
        }
        long rows = 0;
        for (TableComparison table : pick(equal, both(equal, readers, TableReader::intact))) {
            Digest digest = digests.source().orElseThrow().get(small.indexOf(table));
            table.takeEqual(digest);
            done.add(table);
            rows += digest.rows();
        }
        return rows;
    }

    @Override
    public void done(PartQueue queue, Readers readers) {
        List<TableComparison> left = new ArrayList<>(tables);
        left.removeAll(done);
        queue.done(done, left, readers);
    }

    private interface Question {
        BitSet ask(TableReader reader, List<ComparedTable> tables);
    }

    /** For which tables both sides say yes. */
    private static BitSet both(List<TableComparison> tables, Readers readers, Question question) {
        var answers =
                readers.both(
                        reader -> question.ask(reader, sources(tables)),
                        reader -> question.ask(reader, targets(tables)));
        BitSet both = answers.source();
        both.and(answers.target());
        return both;
    }

    private static BitSet equal(
            Optional<List<Digest>> source, Optional<List<Digest>> target, int tables) {
        BitSet equal = new BitSet();
        for (int i = 0; source.isPresent() && target.isPresent() && i < tables; i++) {
            equal.set(i, source.get().get(i).differing(target.get().get(i)).isEmpty());
        }
        return equal;
    }

    private static List<TableComparison> pick(List<TableComparison> tables, BitSet wanted) {
        return wanted.stream().mapToObj(tables::get).toList();
    }

    private static List<ComparedTable> sources(List<TableComparison> tables) {
        return tables.stream().map(one -> one.table().source()).toList();
    }

    private static List<ComparedTable> targets(List<TableComparison> tables) {
        return tables.stream().map(one -> one.table().target()).toList();
    }
}
