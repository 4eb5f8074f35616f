package io.landbridge.apply;

import io.landbridge.change.TableLayout;
import io.landbridge.target.TargetTable;
import java.util.Optional;

/**
 * How changes of one table that carry one layout are applied. Compared by identity: it stands for
 * the table as it was when the plan was made.
 */
final class TablePlan {

    private final TableLayout layout;
    private final TargetTable table;
    private final boolean undivided;
    private final Optional<CopyMoment> copied;

    /**
     * @param undivided whether one worker must see all of the table's changes
     * @param copied for a table without a key: what its copy has seen already
     */
    TablePlan(
            TableLayout layout, TargetTable table, boolean undivided, Optional<CopyMoment> copied) {
        this.layout = layout;
        this.table = table;
        this.undivided = undivided;
        this.copied = copied;
    }

    TableLayout layout() {
        return layout;
    }

    TargetTable table() {
        return table;
    }

    boolean undivided() {
        return undivided;
    }

    /** Whether the table's copy holds what {@code transaction} did, so that it is dropped here. */
    boolean copiedAlready(String transaction) {
        return copied.isPresent() && copied.get().saw(transaction);
    }
}
