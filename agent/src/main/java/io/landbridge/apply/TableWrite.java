package io.landbridge.apply;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.RowKey;
import io.landbridge.target.RowWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What one worker writes to one table: deletes, then updates, then inserts, each as a set; or the
 * sequence of changes of a table without a key. Handed from the dispatch thread to a worker.
 */
final class TableWrite {

    private final TablePlan plan;
    private final boolean converging;
    private final List<RowKey> deletes = new ArrayList<>();
    private final List<RowImage> updates = new ArrayList<>();
    private final List<RowImage> inserts = new ArrayList<>();
    private List<Change> sequence = List.of();

    TableWrite(TablePlan plan, boolean converging) {
        this.plan = plan;
        this.converging = converging;
    }

    TablePlan plan() {
        return plan;
    }

    void add(List<Change> changes) {
        sequence = changes;
    }

    void add(RowKey key, NetChange net) {
        switch (net.kind()) {
            case INSERT -> inserts.add(net.row());
            case UPDATE ->
                    (converging && !net.row().isPartial() ? inserts : updates).add(net.row());
            case REPLACE -> (converging ? inserts : updates).add(net.row());
            case DELETE -> deletes.add(key);
            case NOTHING -> {
                if (converging) {
                    deletes.add(key);
                }
            }
        }
    }

    /** Rows and changes in {@code share}. */
    static int rows(List<TableWrite> share) {
        int rows = 0;
        for (TableWrite one : share) {
            rows +=
                    one.deletes.size()
                            + one.updates.size()
                            + one.inserts.size()
                            + one.sequence.size();
        }
        return rows;
    }

    /**
     * Writes it.
     *
     * @throws RowsDiffer when, in strict mode, another number of rows was touched than the source
     *     says; the transaction must then be rolled back
     */
    void to(RowWriter writer) throws SQLException, RowsDiffer {
        if (converging) {
            writer.delete(deletes);
            // A row that is not there was deleted before its chunk was copied, and the stream says
            // so later: nothing to do here.
            writer.update(updates);
            writer.upsert(inserts);
        } else {
            expect("DELETE", deletes.size(), writer.delete(deletes));
            expect("UPDATE", updates.size(), writer.update(updates));
            expect("INSERT", inserts.size(), writer.insert(inserts));
        }
        writeSequence(writer);
    }

    /** Runs of inserts go as sets; all else one by one, since equal rows can stand side by side. */
    private void writeSequence(RowWriter writer) throws SQLException, RowsDiffer {
        List<RowImage> run = new ArrayList<>();
        for (Change change : sequence) {
            if (change.operation() == Operation.INSERT) {
                run.add(change.after());
                continue;
            }
            expect("INSERT", run.size(), writer.insert(run));
            run = new ArrayList<>();
            one(writer, change);
        }
        expect("INSERT", run.size(), writer.insert(run));
    }

    private void one(RowWriter writer, Change change) throws SQLException, RowsDiffer {
        if (change.before() == null || change.before().isPartial()) {
            throw new RowsDiffer(plan, change.operation() + " without the row before it", 1, 0);
        }
        if (change.operation() == Operation.DELETE) {
            expect("DELETE", 1, writer.deleteOne(change.before()));
        } else {
            expect("UPDATE", 1, writer.updateOne(change.before(), Fold.after(change)));
        }
    }

    private void expect(String operation, long expected, long touched) throws RowsDiffer {
        if (touched != expected) {
            throw new RowsDiffer(plan, operation, expected, touched);
        }
    }
}
