package io.landbridge.apply;

import static io.landbridge.apply.ApplyBed.UNCHANGED;
import static io.landbridge.apply.ApplyBed.delete;
import static io.landbridge.apply.ApplyBed.insert;
import static io.landbridge.apply.ApplyBed.row;
import static io.landbridge.apply.ApplyBed.truncate;
import static io.landbridge.apply.ApplyBed.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.offsets.WorkerProgress;
import io.landbridge.target.ApplyNotes;
import io.landbridge.target.PostgresDestination;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ApplierIT {

    private static final TableId T = new TableId("public", "t");

    @Test
    void appliesInsertsUpdatesAndDeletes() {
        try (ApplyBed bed =
                new ApplyBed(2, "CREATE TABLE t (id int PRIMARY KEY, a text, b text)")) {
            TableLayout t = bed.layout("t");
            bed.commit(insert(t, "1", "one", null), insert(t, "2", "it's \\ \t\n", "{,\"}"));
            bed.commit(insert(t, "3", "", "NULL"));
            bed.applyAll(2);
            bed.commit(update(t, "1", "uno", UNCHANGED), delete(t, "3", UNCHANGED, UNCHANGED));

            ApplierStatus status = bed.applyAll(2);

            assertThat(bed.rows("SELECT * FROM t ORDER BY id"))
                    .containsExactlyElementsOf(
                            bed.rows(
                                    "VALUES (1, 'uno', NULL),"
                                            + " (2, E'it''s \\\\ \\t\\n', '{,\"}')"));
            assertThat(status.transactions()).isEqualTo(1);
            assertThat(status.changes()).isEqualTo(2);
            assertThat(status.fallbacks()).isZero();
            assertThat(bed.positions())
                    .containsExactly(
                            new WorkerProgress(0, 2, bed.last(), 3, 5),
                            new WorkerProgress(1, 2, bed.last(), 0, 0));
        }
    }

    @Test
    void largeBatchesGoThroughAllWorkersWithCopy() {
        try (ApplyBed bed = new ApplyBed(3, "CREATE TABLE t (id int PRIMARY KEY, a text)")) {
            TableLayout t = bed.layout("t");
            bed.commit(
                    IntStream.range(0, 3000)
                            .mapToObj(i -> insert(t, "" + i, i % 7 == 0 ? null : "a\t\\" + i))
                            .toArray(SourceEvent[]::new));
            bed.applyAll(3);
            bed.commit(
                    IntStream.range(0, 3000)
                            .mapToObj(
                                    i ->
                                            i % 2 == 0
                                                    ? delete(t, "" + i, UNCHANGED)
                                                    : update(t, "" + i, "b" + i))
                            .toArray(SourceEvent[]::new));

            assertThat(bed.applyAll(3).fallbacks()).isZero();

            assertThat(bed.rows("SELECT * FROM t"))
                    .containsExactlyInAnyOrderElementsOf(
                            bed.rows("SELECT i, 'b' || i FROM generate_series(1, 2999, 2) i"));
            assertThat(bed.positions()).allMatch(worker -> worker.position().equals(bed.last()));
        }
    }

    @Test
    void aTransactionLargerThanABatchCommitsOnce() {
        try (ApplyBed bed = new ApplyBed(2, "CREATE TABLE t (id int PRIMARY KEY, a text)")) {
            TableLayout t = bed.layout("t");
            bed.begin();
            for (int i = 0; i < 10_500; i++) {
                bed.buffer.append(insert(t, "" + i % 5000 + "" + i / 5000, "x"));
            }
            for (int i = 0; i < 1000; i++) {
                bed.buffer.append(update(t, i + "0", "y"));
            }
            bed.end(11_500);

            try (Applier applier = bed.applier(2, 1000)) {
                applier.start();
                ApplierStatus status = bed.awaitApplied(applier);

                assertThat(status.batches()).isEqualTo(1);
                assertThat(status.fallbacks()).isZero();
                assertThat(applier.changesByTable()).isEqualTo(Map.of(t.table(), 11_500L));
            }
            assertThat(bed.rows("SELECT a, count(*) FROM t GROUP BY 1 ORDER BY 1"))
                    .containsExactlyElementsOf(bed.rows("VALUES ('x', 9500), ('y', 1000)"));
        }
    }

    @Test
    void aLargeTransactionThatIsAbandonedComesAgain() {
        try (ApplyBed bed = new ApplyBed(2, "CREATE TABLE t (id int PRIMARY KEY, a text)")) {
            TableLayout t = bed.layout("t");
            bed.begin();
            for (int i = 0; i < 2500; i++) {
                bed.buffer.append(insert(t, "" + i, "x"));
            }
            bed.buffer.append(new SourceEvent.Abandoned());
            bed.begin();
            for (int i = 0; i < 2500; i++) {
                bed.buffer.append(insert(t, "" + i, "x"));
            }
            bed.end(2500);

            bed.applyAll(2, 1000);

            assertThat(bed.database.number("SELECT count(*) FROM t")).isEqualTo(2500);
        }
    }

    @Test
    void aSwapOfUniqueValuesGoesInTheSourcesOrder() {
        try (ApplyBed bed =
                new ApplyBed(2, "CREATE TABLE t (id int PRIMARY KEY, u int UNIQUE, a text)")) {
            TableLayout t = bed.layout("t");
            bed.commit(insert(t, "1", "10", "a"), insert(t, "2", "20", "b"));
            bed.applyAll(2);
            bed.commit(
                    update(t, "1", "99", "a"),
                    update(t, "2", "10", "b"),
                    update(t, "1", "20", "a"));

            ApplierStatus status = bed.applyAll(2);

            assertThat(status.fallbacks()).isEqualTo(1);
            assertThat(status.stopped()).isEmpty();
            assertThat(bed.rows("SELECT id, u FROM t ORDER BY id"))
                    .containsExactlyElementsOf(bed.rows("VALUES (1, 20), (2, 10)"));
        }
    }

    @Test
    void movesKeysInChainsAlsoWithUnchangedValues() {
        try (ApplyBed bed = new ApplyBed(2, "CREATE TABLE t (id int PRIMARY KEY, a text)")) {
            TableLayout t = bed.layout("t");
            bed.commit(insert(t, "1", "one"), insert(t, "2", "two"), insert(t, "3", "three"));
            bed.applyAll(2);
            bed.commit(
                    update(t, row("3", UNCHANGED), row("4", "three")),
                    update(t, row("2", UNCHANGED), row("3", "two")),
                    update(t, row("1", UNCHANGED), row("2", "one")));
            assertThat(bed.applyAll(2).fallbacks()).isZero();
            bed.commit(
                    update(t, row("4", UNCHANGED), row("5", UNCHANGED)),
                    update(t, row("3", UNCHANGED), row("4", UNCHANGED)),
                    update(t, row("2", UNCHANGED), row("3", UNCHANGED)),
                    update(t, row("3", UNCHANGED), row("2", UNCHANGED)));

            assertThat(bed.applyAll(2).fallbacks()).isEqualTo(1);

            assertThat(bed.rows("SELECT * FROM t ORDER BY id"))
                    .containsExactlyElementsOf(
                            bed.rows("VALUES (2, 'one'), (4, 'two'), (5, 'three')"));
        }
    }

    @Test
    void truncatesTablesThatReferToEachOther() {
        try (ApplyBed bed =
                new ApplyBed(
                        2,
                        "CREATE TABLE p (id int PRIMARY KEY)",
                        "CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p)",
                        "CREATE TABLE z (id int PRIMARY KEY, p int REFERENCES p)")) {
            TableLayout p = bed.layout("p");
            TableLayout c = bed.layout("c");
            bed.commit(insert(c, "1", "1"), insert(p, "1"), insert(c, "2", "1"));
            bed.commit(truncate(p), truncate(c), truncate(bed.layout("z")), insert(p, "7"));
            bed.applyAll(2);
            assertThat(bed.rows("SELECT * FROM p")).isEqualTo(bed.rows("VALUES (7)"));
            assertThat(bed.rows("SELECT * FROM c")).isEmpty();

            // The source has no such foreign key: nothing but a DELETE can empty p here.
            bed.commit(truncate(p));
            ApplierStatus status = bed.applyAll(2);

            assertThat(status.stopped()).isEmpty();
            assertThat(bed.rows("SELECT * FROM p")).isEmpty();
        }
    }

    @Test
    void aDivergenceStopsItsTableAndNothingElse() {
        try (ApplyBed bed =
                new ApplyBed(
                        2,
                        "CREATE TABLE t (id int PRIMARY KEY, a text)",
                        "CREATE TABLE u (id int PRIMARY KEY, a text)")) {
            TableLayout t = bed.layout("t");
            TableLayout u = bed.layout("u");
            bed.commit(insert(t, "1", "one"), insert(u, "1", "one"));
            bed.commit(
                    insert(u, "2", "two"),
                    update(t, "1", "uno"),
                    update(t, "5", "cinque"),
                    insert(t, "6", "sei"));
            bed.commit(insert(u, "3", "three"), insert(t, "7", "sette"));

            ApplierStatus status = bed.applyAll(2);

            assertThat(status.stopped()).containsOnlyKeys(T);
            assertThat(status.stopped().get(T).code()).isEqualTo(FaultCode.DIVERGENCE);
            assertThat(status.stopped().get(T).reason()).contains("UPDATE").contains("[id] = [5]");
            assertThat(bed.rows("SELECT id FROM u ORDER BY 1"))
                    .isEqualTo(bed.rows("VALUES (1), (2), (3)"));
            assertThat(bed.rows("SELECT a FROM t WHERE id > 1")).isEmpty();
            bed.commit(insert(t, "8", "otto"));
            assertThat(bed.applyAll(2).stopped()).containsOnlyKeys(T);
        }
    }

    @Test
    void aValueThatTheTargetRefusesStopsItsTable() {
        try (ApplyBed bed = new ApplyBed(2, "CREATE TABLE t (id int PRIMARY KEY, a varchar(3))")) {
            TableLayout t = bed.layout("t");
            bed.commit(insert(t, "1", "one"), insert(t, "2", "three"));
            bed.commit(insert(t, "3", "x"));

            ApplierStatus status = bed.applyAll(2);

            assertThat(status.stopped().get(T).code()).isEqualTo(FaultCode.VALUE_UNSUPPORTED);
            assertThat(status.stopped().get(T).reason())
                    .contains("[id] = [2]")
                    .contains("22001")
                    .doesNotContain("three");
            assertThat(bed.rows("SELECT * FROM t")).isEmpty();
        }
    }

    @Test
    void aColumnThatTheTargetLacksStopsItsTable() {
        try (ApplyBed bed = new ApplyBed(2, "CREATE TABLE t (id int PRIMARY KEY)")) {
            TableLayout wider = new TableLayout(T, List.of("id", "extra"), List.of(0));
            bed.commit(insert(wider, "1", "one"));

            ApplierStatus status = bed.applyAll(2);

            assertThat(status.stopped().get(T).code()).isEqualTo(FaultCode.SOURCE_DDL);
            assertThat(status.stopped().get(T).reason()).contains("extra");
        }
    }

    @Test
    void convergesOverALaterState() {
        try (ApplyBed bed =
                new ApplyBed(
                        2,
                        "CREATE TABLE t (id int PRIMARY KEY, a text, b text)",
                        "INSERT INTO t VALUES (1, 'later', 'B'), (2, 'there', 'B'), (5, 'x', 'y')")) {
            TableLayout t = bed.layout("t");
            bed.commit(insert(t, "1", "first", "B"), insert(t, "2", "there", "A"));
            bed.commit(update(t, "1", "later", UNCHANGED), delete(t, "3", UNCHANGED, UNCHANGED));
            bed.commit(update(t, "2", "there", "B"), update(t, "4", "gone", UNCHANGED));
            bed.commit(delete(t, "4", UNCHANGED, UNCHANGED), update(t, "5", "x", "z"));

            assertThat(bed.converge(2).stopped()).isEmpty();

            assertThat(bed.rows("SELECT * FROM t ORDER BY id"))
                    .containsExactlyElementsOf(
                            bed.rows("VALUES (1, 'later', 'B'), (2, 'there', 'B'), (5, 'x', 'z')"));
        }
    }

    @Test
    void readsWhatOnlyTheSourceHasWhenAKeyMovedBetweenChunks() throws Exception {
        try (ApplyBed bed =
                new ApplyBed(2, "CREATE TABLE t (id int PRIMARY KEY, a text, big text)")) {
            TableLayout t = bed.layout("t");
            bed.commit(update(t, row("1", UNCHANGED, UNCHANGED), row("9", "a", UNCHANGED)));
            SourcePosition c = bed.commit(insert(t, "2", "two", ""));
            SourcePosition later = bed.commit(update(t, "9", "c", UNCHANGED));
            bed.commit(delete(t, "9", UNCHANGED, UNCHANGED));
            bed.sourceRows =
                    (layout, key) -> {
                        assertThat(key.values()).containsExactly("9");
                        return new SourceRows.Reading(Optional.of(row("9", "c", "BIG")), later);
                    };
            try (Applier applier = bed.applier(2)) {
                CompletableFuture<SourcePosition> there = applier.convergeThrough(c);
                applier.start();
                assertThat(there.get(120, TimeUnit.SECONDS)).isEqualTo(later);
                assertThat(bed.rows("SELECT * FROM t ORDER BY id"))
                        .isEqualTo(bed.rows("VALUES (2, 'two', ''), (9, 'c', 'BIG')"));

                applier.release();

                assertThat(bed.awaitApplied(applier).stopped()).isEmpty();
                assertThat(bed.rows("SELECT id FROM t")).isEqualTo(bed.rows("VALUES (2)"));
            }
        }
    }

    @Test
    void tablesWithoutKeyKeepTheirDuplicates() {
        try (ApplyBed bed =
                new ApplyBed(2, "CREATE TABLE t (a int, b text, j json, c char(4), f float8)")) {
            TableLayout t = bed.layout("t");
            String[] same = {"1", null, "{\"a\": 1}", "x   ", "-0"};
            bed.commit(insert(t, same), insert(t, same), insert(t, "1", "", "{}", null, "0"));
            bed.commit(delete(t, same), insert(t, same), insert(t, same));
            bed.commit(update(t, row(same), row("2", null, "{}", "y   ", "NaN")));

            ApplierStatus status = bed.applyAll(2);

            assertThat(status.stopped()).isEmpty();
            assertThat(bed.rows("SELECT * FROM t"))
                    .containsExactlyInAnyOrderElementsOf(
                            bed.rows(
                                    "SELECT * FROM (VALUES (1, NULL, '{\"a\": 1}'::json,"
                                            + " 'x'::char(4), float8 '-0'), (1, NULL, '{\"a\": 1}',"
                                            + " 'x'::char(4), float8 '-0'), (1, '', '{}', NULL, 0),"
                                            + " (2, NULL, '{}', 'y'::char(4), 'NaN')) v"));
        }
    }

    @Test
    void dropsWhatACopyWithoutKeyHasSeen() throws Exception {
        try (ApplyBed bed = new ApplyBed(2, "CREATE TABLE t (a int)")) {
            TableLayout t = bed.layout("t");
            long first = bed.nextTransaction();
            bed.database.execute("INSERT INTO t VALUES (1), (3)");
            bed.target.inTransaction(
                    "test",
                    connection -> {
                        bed.states.markLoaded(
                                connection, T, (first + 1) + ":" + (first + 3) + ":" + (first + 1));
                        return null;
                    });
            bed.commit(insert(t, "1"));
            bed.commit(insert(t, "2"));
            bed.commit(insert(t, "3"));
            bed.commit(insert(t, "4"));

            bed.converge(2);

            assertThat(bed.rows("SELECT * FROM t"))
                    .containsExactlyInAnyOrderElementsOf(bed.rows("VALUES (1), (2), (3), (4)"));
        }
    }

    @Test
    void holdsExactlyWhereItIsAsked() throws Exception {
        try (ApplyBed bed = new ApplyBed(2, "CREATE TABLE t (id int PRIMARY KEY)")) {
            TableLayout t = bed.layout("t");
            bed.commit(insert(t, "1"));
            SourcePosition second = bed.commit(insert(t, "2"));
            SourcePosition third = bed.commit(insert(t, "3"));
            try (Applier applier = bed.applier(2)) {
                CompletableFuture<SourcePosition> at = applier.holdAt(second);
                CompletableFuture<SourcePosition> next = applier.holdAt(third);
                applier.start();
                assertThat(at.get(120, TimeUnit.SECONDS)).isEqualTo(second);
                assertThat(bed.rows("SELECT * FROM t")).hasSize(2);
                assertThat(applier.status().state()).isEqualTo(ApplierStatus.State.HELD);
                assertThat(next).isNotDone();

                applier.release();
                assertThat(next.get(120, TimeUnit.SECONDS)).isEqualTo(third);
                assertThat(applier.holdAt(second)).failsWithin(120, TimeUnit.SECONDS);

                CompletableFuture<SourcePosition> marked = applier.awaitMarker("fence");
                var shown = marked.thenApply(reached -> applier.status().applied().orElseThrow());
                applier.release();
                bed.commit(insert(t, "4"), new SourceEvent.Marker("landbridge", ""));
                SourcePosition fence =
                        bed.commit(insert(t, "5"), new SourceEvent.Marker("landbridge", "fence"));
                bed.commit(insert(t, "6"));
                assertThat(marked.get(120, TimeUnit.SECONDS)).isEqualTo(fence);
                assertThat(shown.get(120, TimeUnit.SECONDS)).isEqualTo(fence);
                assertThat(bed.rows("SELECT * FROM t")).hasSize(5);

                applier.release();
                bed.awaitApplied(applier);
                assertThat(applier.hold().get(120, TimeUnit.SECONDS)).isEqualTo(bed.last());
            }
        }
    }

    @Test
    void resumesWhereWorkersStandApart() {
        try (ApplyBed bed =
                new ApplyBed(
                        3,
                        "CREATE TABLE t (id int PRIMARY KEY, a text)",
                        "CREATE TABLE k (a int)")) {
            TableLayout t = bed.layout("t");
            TableLayout k = bed.layout("k");
            SourceEvent[] inserts =
                    IntStream.range(0, 600)
                            .mapToObj(i -> insert(t, "" + i, "a"))
                            .toArray(SourceEvent[]::new);
            bed.commit(inserts);
            bed.commit(insert(k, "1"), update(t, row("5", UNCHANGED), row("1005", "b")));
            SourcePosition crashed = bed.last();
            bed.applyAll(3);
            // A crash between two commits: workers 0 and 2 are back where they were.
            TablePlan plan = plan(bed, t);
            TablePlan undivided = plan(bed, k);
            Dealing dealing = new Dealing(3);
            Map<Integer, Object> lost = Map.of(0, "", 2, "");
            for (int i = 0; i < 1006; i++) {
                String id = "" + i;
                if (lost.containsKey(dealing.of(plan, t.keyOf(row(id, null))))) {
                    bed.database.execute("DELETE FROM t WHERE id = " + i);
                    if (i == 5) {
                        bed.database.execute("INSERT INTO t VALUES (5, 'a')");
                        bed.database.execute("DELETE FROM t WHERE id = 5");
                    }
                }
            }
            if (lost.containsKey(dealing.of(undivided))) {
                bed.database.execute("TRUNCATE k");
            }
            bed.database.execute(
                    "UPDATE landbridge.progress SET position = '"
                            + ApplyBed.START.text()
                            + "' WHERE worker <> 1");
            bed.commit(insert(t, "2000", "c"));

            ApplierStatus status = bed.applyAll(2);

            assertThat(status.stopped()).isEmpty();
            assertThat(bed.database.number("SELECT count(*) FROM t")).isEqualTo(601);
            assertThat(bed.rows("SELECT * FROM k")).isEqualTo(bed.rows("VALUES (1)"));
            assertThat(bed.positions()).hasSize(2);
            assertThat(bed.positions()).allMatch(one -> one.position().equals(bed.last()));
            assertThat(crashed).isNotEqualTo(bed.last());
        }
    }

    private static TablePlan plan(ApplyBed bed, TableLayout layout) {
        ApplyNotes notes = new ApplyNotes("test", "forward");
        TablePlans plans =
                new TablePlans(
                        new PostgresDestination(bed.target),
                        notes,
                        bed.states,
                        bed.tables(),
                        Map.of());
        plans.refresh(false, true);
        return plans.plan(layout).orElseThrow();
    }
}
