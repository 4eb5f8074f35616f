package io.landbridge.apply;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.RowKey;
import io.landbridge.change.TableLayout;
import io.landbridge.target.RowWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Consecutive changes that do the same to rows of one table, no key twice: what can be written as a
 * set without changing the source's order.
 */
final class OrderedRun {

    /** What the rows of a run are. */
    enum Kind {
        INSERT,
        UPDATE,
        DELETE,
        /** An update that moves a row to another key. */
        MOVE,
        /** Anything, in a table without a key. */
        KEYLESS,
        TRUNCATE
    }

    /** One change; {@code old} only for MOVE, {@code key} and {@code net} not for KEYLESS. */
    private record Step(RowKey old, RowKey key, NetChange net, Change change) {}

    private final Kind kind;
    private final TablePlan plan;
    private final boolean converging;
    private final List<Step> steps = new ArrayList<>();
    private final List<TablePlan> emptied = new ArrayList<>();
    private final Set<RowKey> keys = new HashSet<>();
    private long weight;

    OrderedRun(Kind kind, TablePlan plan, boolean converging) {
        this.kind = kind;
        this.plan = plan;
        this.converging = converging;
        if (kind == Kind.TRUNCATE) {
            emptied.add(plan);
        }
    }

    Kind kind() {
        return kind;
    }

    TablePlan plan() {
        return plan;
    }

    int size() {
        return steps.size();
    }

    long weight() {
        return weight;
    }

    /** Whether a change of {@code key} may join; {@code old} is null unless it moves. */
    boolean takes(Kind other, TablePlan table, RowKey old, RowKey key) {
        return kind == other
                && plan == table
                && kind != Kind.TRUNCATE
                && (kind == Kind.KEYLESS
                        || (!keys.contains(key) && (old == null || !keys.contains(old))));
    }

    void add(RowKey old, RowKey key, NetChange net, Change change) {
        steps.add(new Step(old, key, net, change));
        weight += Fold.weight(change);
        if (key != null) {
            keys.add(key);
        }
        if (old != null) {
            keys.add(old);
        }
    }

    /** Adds a table to those that one TRUNCATE empties. */
    void addEmptied(TablePlan table) {
        emptied.add(table);
    }

    void write(Worker worker, MovedRows moved) throws SQLException, RowsDiffer {
        switch (kind) {
            case TRUNCATE -> worker.truncate(emptied);
            case MOVE -> move(worker, moved);
            default -> write(worker, steps);
        }
    }

    /** Writes one change after another; {@code RowRefused.isOne} then tells which is refused. */
    void writeOneByOne(Worker worker, MovedRows moved, Refuser refuser)
            throws SQLException, RowRefused {
        if (kind == Kind.TRUNCATE) {
            for (TablePlan table : emptied) {
                try {
                    worker.writer(table).deleteAll();
                } catch (SQLException e) {
                    throw refuser.refused(table, "TRUNCATE", e);
                }
            }
            return;
        }
        for (Step step : steps) {
            try {
                if (kind == Kind.MOVE) {
                    move(worker, moved, step);
                } else {
                    write(worker, List.of(step));
                }
            } catch (SQLException | RowsDiffer e) {
                throw refuser.refused(plan, name(step), e);
            }
        }
    }

    /** Makes the exception for a change that is known to be the one. */
    interface Refuser {
        /** Throws {@code cause} itself when it is no refusal of a row. */
        RowRefused refused(TablePlan plan, String what, Exception cause) throws SQLException;
    }

    private String name(Step step) {
        return RowRefused.name(
                plan,
                step.change().operation(),
                step.old() == null
                        ? step.key() == null ? null : step.key().values()
                        : step.old().values());
    }

    private void write(Worker worker, List<Step> some) throws SQLException, RowsDiffer {
        TableWrite write = new TableWrite(plan, converging);
        if (kind == Kind.KEYLESS) {
            write.add(some.stream().map(Step::change).toList());
        } else {
            some.forEach(step -> write.add(step.key(), step.net()));
        }
        write.to(worker.writer(plan));
    }

    private void move(Worker worker, MovedRows moved) throws SQLException, RowsDiffer {
        if (converging) {
            for (Step step : steps) {
                moveConverging(worker, moved, step);
            }
            return;
        }
        long touched =
                worker.writer(plan)
                        .rewrite(
                                steps.stream().map(Step::old).toList(),
                                steps.stream().map(step -> step.net().row()).toList());
        if (touched != steps.size()) {
            throw new RowsDiffer(plan, "UPDATE of keys", steps.size(), touched);
        }
    }

    private void move(Worker worker, MovedRows moved, Step step) throws SQLException, RowsDiffer {
        if (converging) {
            moveConverging(worker, moved, step);
            return;
        }
        long touched = worker.writer(plan).rewrite(List.of(step.old()), List.of(step.net().row()));
        if (touched != 1) {
            throw new RowsDiffer(plan, "UPDATE of a key", 1, touched);
        }
    }

    /**
     * What is under the old key may be a later row, so nothing is taken from it. What is under the
     * new key, if anything, is a later state of this row. If nothing is there, values that the log
     * left out can only come from the source.
     */
    private void moveConverging(Worker worker, MovedRows moved, Step step) throws SQLException {
        RowWriter writer = worker.writer(plan);
        RowImage row = step.net().row();
        writer.delete(List.of(step.old()));
        if (!row.isPartial()) {
            writer.upsert(List.of(row));
        } else if (writer.update(List.of(row)) == 0) {
            Optional<RowImage> now = moved.read(plan.layout(), step.key());
            if (now.isPresent()) {
                writer.upsert(List.of(now.get()));
            }
        }
    }

    /** Reads rows from the source, remembering how late. */
    interface MovedRows {
        Optional<RowImage> read(TableLayout layout, RowKey key);
    }

    static Kind kind(Operation operation) {
        return switch (operation) {
            case INSERT -> Kind.INSERT;
            case UPDATE -> Kind.UPDATE;
            case DELETE -> Kind.DELETE;
            case TRUNCATE -> Kind.TRUNCATE;
        };
    }
}
