package io.landbridge.apply;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.RowKey;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Changes folded into one net change for each key; those of tables without a key stand in their
 * order. Filled by the dispatch thread, then handed over to workers.
 */
final class Fold {

    /** What one table's changes amount to: net changes, or a sequence when it has no key. */
    private static final class TableFold {
        private final TablePlan plan;
        private final Map<RowKey, NetChange> nets = new HashMap<>();
        private final List<Change> sequence = new ArrayList<>();

        TableFold(TablePlan plan) {
            this.plan = plan;
        }
    }

    private final Map<TableId, TableFold> tables = new LinkedHashMap<>();
    private final Dealing dealing;
    private final BitSet lanes;
    private TableFold last;
    private int changes;
    private long weight;

    Fold() {
        this(null, null);
    }

    /**
     * Takes only what is dealt to some lanes, and passes over the rest.
     *
     * @param lanes the ones whose changes count
     */
    Fold(Dealing dealing, BitSet lanes) {
        this.dealing = dealing;
        this.lanes = lanes;
    }

    /** Changes that went in. */
    int changes() {
        return changes;
    }

    /** Bytes that went in, about. */
    long weight() {
        return weight;
    }

    boolean isEmpty() {
        return changes == 0;
    }

    /** Whether changes under {@code plan} can be folded with what is here. */
    boolean takes(TablePlan plan) {
        if (last != null && last.plan == plan) {
            return true;
        }
        TableFold fold = tables.get(plan.layout().table());
        return fold == null || fold.plan == plan;
    }

    /** Whether {@code change} can only be applied in the source's order. */
    static boolean isOrdered(Change change) {
        return change.operation() == Operation.TRUNCATE
                || (change.operation() == Operation.UPDATE
                        && change.after().isPartial()
                        && movedFrom(change).isPresent()
                        && after(change).isPartial());
    }

    /** The key that an update takes its row away from; empty when the key stays. */
    static Optional<RowKey> movedFrom(Change change) {
        RowImage before = change.before();
        if (before == null) {
            return Optional.empty();
        }
        RowImage after = after(change);
        TableLayout layout = change.layout();
        for (int i : layout.key()) {
            if (before.isUnchanged(i)) {
                return Optional.empty();
            }
        }
        for (int i : layout.key()) {
            if (!before.text(i).equals(after.text(i))) {
                return Optional.of(layout.keyOf(before));
            }
        }
        return Optional.empty();
    }

    /** The row after the change, with all that either image knows of it. */
    static RowImage after(Change change) {
        return change.before() == null ? change.after() : change.after().over(change.before());
    }

    /**
     * Adds one change.
     *
     * @return false when it can't follow what is here: only the source's order can tell then
     */
    boolean add(TablePlan plan, Change change) {
        TableFold fold = last;
        if (fold == null || fold.plan != plan) {
            fold = tables.computeIfAbsent(plan.layout().table(), id -> new TableFold(plan));
            if (fold.plan != plan) {
                return false;
            }
            last = fold;
        }
        changes++;
        weight += weight(change);
        if (!plan.layout().hasKey()) {
            if (dealing == null || lanes.get(dealing.of(plan))) {
                fold.sequence.add(change);
            }
            return true;
        }
        return switch (change.operation()) {
            case INSERT -> add(fold, plan.layout().keyOf(change.after()), change);
            case DELETE -> add(fold, plan.layout().keyOf(change.before()), change);
            case UPDATE -> addUpdate(fold, change);
            case TRUNCATE -> false;
        };
    }

    private boolean add(TableFold fold, RowKey key, Change change) {
        return add(fold, key, change.operation(), change.after());
    }

    private boolean addUpdate(TableFold fold, Change change) {
        RowImage after = after(change);
        RowKey key = change.layout().keyOf(after);
        Optional<RowKey> old = movedFrom(change);
        if (old.isEmpty()) {
            return add(fold, key, Operation.UPDATE, after);
        }
        return add(fold, old.get(), Operation.DELETE, null)
                && add(fold, key, Operation.INSERT, after);
    }

    private boolean add(TableFold fold, RowKey key, Operation operation, RowImage after) {
        if (dealing != null && !lanes.get(dealing.of(fold.plan, key))) {
            return true;
        }
        NetChange now = fold.nets.get(key);
        if (now == null) {
            fold.nets.put(key, NetChange.of(operation, after));
            return true;
        }
        Optional<NetChange> next = now.then(operation, after);
        next.ifPresent(net -> fold.nets.put(key, net));
        return next.isPresent();
    }

    static int weight(Change change) {
        return 64
                + (change.before() == null ? 0 : change.before().weight())
                + (change.after() == null ? 0 : change.after().weight());
    }

    /** How many rows are left to write. */
    int size() {
        int size = 0;
        for (TableFold fold : tables.values()) {
            size += fold.nets.size() + fold.sequence.size();
        }
        return size;
    }

    /** Everything as one worker's share. */
    List<TableWrite> whole(boolean converging) {
        return deal(new Dealing(1), converging).get(0);
    }

    /** Each worker's share, by number. */
    List<List<TableWrite>> deal(Dealing dealing, boolean converging) {
        List<List<TableWrite>> shares = new ArrayList<>();
        for (int i = 0; i < dealing.workers(); i++) {
            shares.add(new ArrayList<>());
        }
        for (TableFold fold : tables.values()) {
            TableWrite[] writes = new TableWrite[dealing.workers()];
            if (!fold.sequence.isEmpty()) {
                write(writes, dealing.of(fold.plan), fold.plan, converging).add(fold.sequence);
            }
            fold.nets.forEach(
                    (key, net) ->
                            write(writes, dealing.of(fold.plan, key), fold.plan, converging)
                                    .add(key, net));
            for (int i = 0; i < writes.length; i++) {
                if (writes[i] != null) {
                    shares.get(i).add(writes[i]);
                }
            }
        }
        return shares;
    }

    private static TableWrite write(
            TableWrite[] writes, int worker, TablePlan plan, boolean converging) {
        if (writes[worker] == null) {
            writes[worker] = new TableWrite(plan, converging);
        }
        return writes[worker];
    }
}
