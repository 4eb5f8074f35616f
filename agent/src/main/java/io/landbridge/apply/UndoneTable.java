package io.landbridge.apply;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.RowKey;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.target.PostgresRowWriter;
import io.landbridge.target.PostgresTable;
import io.landbridge.target.TargetCatalogue;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** One table whose changes are undone. */
final class UndoneTable {

    private static final int LOT = 2_000;

    /** unique_violation, exclusion_violation. */
    private static final Set<String> COLLISIONS = Set.of("23505", "23P01");

    private final int number;
    private final TableLayout layout;

    UndoneTable(int number, TableLayout layout) {
        this.number = number;
        this.layout = layout;
    }

    TableLayout layout() {
        return layout;
    }

    TableId id() {
        return layout.table();
    }

    /**
     * Notes how it was before {@code change}.
     *
     * @throws Fault REWIND_REFUSED when the log does not carry that
     */
    void stage(Change change, long transaction, StagedUndo staged) throws SQLException {
        RowImage before = change.before();
        boolean needed = change.operation() != Operation.INSERT;
        if (needed && (before == null || before.isPartial())) {
            throw Rewind.refused(
                            "its rows were updated or deleted since, and the source's log carries"
                                    + " no old values of them")
                    .in(id())
                    .hint(
                            "rollback.history has them written and kept when a migration begins;"
                                    + " until then a comparison with the source is the way:"
                                    + " mend the source, then let it flow");
        }
        RowImage after =
                change.after() == null || !needed ? change.after() : change.after().over(before);
        if (!layout.hasKey()) {
            if (after != null) {
                staged.lacks(transaction, number, after, -1);
            }
            if (needed) {
                staged.lacks(transaction, number, before, 1);
            }
            return;
        }
        RowKey old = needed ? layout.keyOf(before) : null;
        if (needed) {
            staged.was(transaction, number, old.values(), before);
        }
        if (after != null && !layout.keyOf(after).equals(old)) {
            staged.was(transaction, number, layout.keyOf(after).values(), null);
        }
    }

    /** Writes what was staged; gives the number of rows. */
    long undo(Connection connection, StagedUndo staged) throws SQLException {
        PostgresTable table =
                TargetCatalogue.read(connection, id())
                        .orElseThrow(() -> Rewind.refused("the target lacks it").in(id()));
        PostgresRowWriter writer = new PostgresRowWriter(connection, table, layout);
        if (!layout.hasKey()) {
            return putCounts(staged, writer);
        }
        Savepoint before = connection.setSavepoint();
        try {
            return putBack(staged, writer, false);
        } catch (SQLException e) {
            if (!COLLISIONS.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            // Unique values wandered between rows: all go before the first comes back.
            connection.rollback(before);
            return putBack(staged, writer, true);
        }
    }

    private long putBack(StagedUndo staged, PostgresRowWriter writer, boolean allGo)
            throws SQLException {
        List<RowKey> going = new ArrayList<>();
        long[] rows = new long[1];
        staged.firsts(
                number,
                (key, image, times) -> {
                    rows[0]++;
                    if (allGo || image == null) {
                        going.add(new RowKey(id(), key.toArray(new String[0])));
                        if (going.size() == LOT) {
                            writer.delete(going);
                            going.clear();
                        }
                    }
                });
        writer.delete(going);
        List<RowImage> coming = new ArrayList<>();
        staged.firsts(
                number,
                (key, image, times) -> {
                    if (image != null) {
                        coming.add(image);
                        if (coming.size() == LOT) {
                            put(writer, coming, allGo);
                        }
                    }
                });
        put(writer, coming, allGo);
        return rows[0];
    }

    private static void put(PostgresRowWriter writer, List<RowImage> coming, boolean allGo)
            throws SQLException {
        if (allGo) {
            writer.insert(coming);
        } else {
            writer.upsert(coming);
        }
        coming.clear();
    }

    private long putCounts(StagedUndo staged, PostgresRowWriter writer) throws SQLException {
        long[] rows = new long[1];
        staged.sums(
                number,
                (key, image, times) -> {
                    rows[0] += Math.abs(times);
                    if (times > 0) {
                        writer.insert(Collections.nCopies(Math.toIntExact(times), image));
                    }
                    for (long left = -times; left > 0; left--) {
                        if (writer.deleteOne(image) != 1) {
                            throw Fault.of(
                                            FaultCode.REWIND_REFUSED,
                                            "a row that was inserted since is not there any more")
                                    .in(id())
                                    .hint("'landbridge validate' tells what differs");
                        }
                    }
                });
        return rows[0];
    }
}
