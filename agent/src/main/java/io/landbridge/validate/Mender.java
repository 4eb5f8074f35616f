package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.SqlWork;
import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.WholeRows;
import io.landbridge.target.PostgresSession;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes into the target what the source's snapshot holds for rows that differ, while nobody else
 * writes those tables: the applier stands at the snapshot's place, or the tables are stopped.
 * Triggers and foreign keys stay silent, as they do for the stream. Owned by one thread.
 *
 * <p>A row whose unique value another, wrong row still has can't be written. Its rows are only
 * deleted then, and inserted by {@link #settle} once every wrong row has gone.
 */
final class Mender implements RowSink {

    private static final int LOT = 200;

    /** Rows without a key are found by reading the whole table, once for each lot. */
    private static final int LOT_WITHOUT_KEY = 5_000;

    private static final String SAVEPOINT = "SAVEPOINT lot";
    private static final String BACK = "ROLLBACK TO SAVEPOINT lot";

    private final Database database;
    private final PostgresSession session;
    private final WholeRows source;
    private final WholeRows target;
    private final Mending mending;
    private final boolean atOnce;
    private final Collisions collisions;

    /** Mended in the transaction under way. */
    private final Map<TableId, Long> uncommitted = new HashMap<>();

    private final Map<ComparedTable.Pair, MendedTable> tables = new HashMap<>();
    private final List<DifferingRow> lot = new ArrayList<>();
    private ComparedTable.Pair table;

    /** Is told of rows that stand in the way and are not to be mended here. */
    interface Collisions {

        /** Nobody has put them there but somebody else. */
        Collisions UNEXPECTED = table -> false;

        /**
         * Rows of {@code table} can't be inserted, though all that differ here are deleted.
         *
         * @return true when that is seen to: nothing will be committed
         */
        boolean met(TableId table);
    }

    /**
     * @param session taken over
     * @param atOnce whether all of it is one transaction, which {@link #commit} ends
     */
    Mender(
            Meeting meeting,
            Database database,
            PostgresSession session,
            Mending mending,
            boolean atOnce,
            Collisions collisions) {
        this.database = database;
        this.session = session;
        this.mending = mending;
        this.atOnce = atOnce;
        this.collisions = collisions;
        this.source = meeting.source().wholeRows();
        try {
            this.target = meeting.target().wholeRows();
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    @Override
    public void differs(ComparedTable.Pair ofTable, DifferingRow row) {
        if (!ofTable.equals(table)) {
            endOfPart();
            table = ofTable;
        }
        lot.add(row);
        if (lot.size() >= (table.source().hasKey() ? LOT : LOT_WITHOUT_KEY)) {
            endOfPart();
        }
    }

    @Override
    public void endOfPart() {
        if (!lot.isEmpty()) {
            List<DifferingRow> rows = List.copyOf(lot);
            lot.clear();
            write(table, rows);
        }
    }

    private void write(ComparedTable.Pair ofTable, List<DifferingRow> rows) {
        if (!ofTable.source().hasKey()) {
            guarded(
                    ofTable,
                    rows.stream().mapToLong(DifferingRow::rows).sum(),
                    mended -> mended.mendMultiset(rows),
                    () -> changedMeanwhile(ofTable));
            return;
        }
        List<List<String>> keys = rows.stream().map(row -> row.row().key()).distinct().toList();
        guarded(
                ofTable,
                rows.size(),
                mended -> mended.mend(rows),
                () ->
                        guarded(
                                ofTable,
                                0,
                                mended -> {
                                    mended.delete(keys);
                                    mending.postpone(ofTable, keys);
                                    return true;
                                },
                                () -> changedMeanwhile(ofTable)));
    }

    private void inTheWay(ComparedTable.Pair ofTable) {
        if (!collisions.met(ofTable.source().id())) {
            changedMeanwhile(ofTable);
        }
    }

    private void changedMeanwhile(ComparedTable.Pair ofTable) {
        mending.failed(
                ofTable.source().id(), "somebody else writes to it at the target: rows conflict");
    }

    /** Inserts what was postponed, by any mender: every row that stood in the way has gone. */
    void settle() {
        mending.takePostponed()
                .forEach(
                        (ofTable, keys) -> {
                            for (int from = 0; from < keys.size(); from += LOT) {
                                List<List<String>> some =
                                        keys.subList(from, Math.min(keys.size(), from + LOT));
                                guarded(
                                        ofTable,
                                        some.size(),
                                        mended -> {
                                            mended.insert(some);
                                            return true;
                                        },
                                        () -> inTheWay(ofTable));
                            }
                        });
    }

    /** Commits everything since the last commit, and {@code last} with it. */
    void commit(SqlWork<Void> last) {
        try {
            last.on(session.connection());
            session.connection().commit();
            uncommitted.forEach(mending::mended);
            uncommitted.clear();
        } catch (SQLException e) {
            throw database.fault("repairing rows", e);
        }
    }

    private interface Work {
        /** False when it does not fit what is there. */
        boolean on(MendedTable table) throws SQLException;
    }

    /**
     * Does {@code work} or nothing of it; {@code otherwise} when it meets other rows. What else the
     * target has against rows fails their table, not the repair.
     */
    private void guarded(ComparedTable.Pair ofTable, long rows, Work work, Runnable otherwise) {
        TableId id = ofTable.source().id();
        if (mending.failure(id).isPresent()) {
            return;
        }
        boolean fits = false;
        try (Statement statement = session.connection().createStatement()) {
            statement.execute(SAVEPOINT);
            try {
                fits = work.on(mendedTable(ofTable));
            } catch (SQLException e) {
                if (!isRowsFault(e)) {
                    throw e;
                }
                if (!isConflict(e)) {
                    statement.execute(BACK);
                    mending.failed(id, database.fault("repairing rows", e).getMessage());
                    return;
                }
            }
            if (fits) {
                uncommitted.merge(id, rows, Long::sum);
                if (!atOnce) {
                    commit(connection -> null);
                }
                return;
            }
            statement.execute(BACK);
        } catch (SQLException e) {
            throw database.fault("repairing rows", e).in(id);
        }
        otherwise.run();
    }

    private MendedTable mendedTable(ComparedTable.Pair ofTable) throws SQLException {
        MendedTable mended = tables.get(ofTable);
        if (mended == null) {
            mended = new MendedTable(ofTable, source, target, session.connection());
            tables.put(ofTable, mended);
        }
        return mended;
    }

    private static boolean isConflict(SQLException error) {
        return "23505".equals(error.getSQLState()) || "23P01".equals(error.getSQLState());
    }

    /** Whether the rows are to blame, and not the connection, the rights or the server. */
    private static boolean isRowsFault(SQLException error) {
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        return state.startsWith("21")
                || state.startsWith("22")
                || state.startsWith("23")
                || (state.startsWith("42") && !state.equals("42501"));
    }

    @Override
    public void close() {
        try (session;
                source) {
            target.close();
        }
    }
}
