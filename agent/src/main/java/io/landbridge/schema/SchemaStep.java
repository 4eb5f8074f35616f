package io.landbridge.schema;

import io.landbridge.change.TableId;
import java.util.Optional;

/**
 * One statement of a migration's plan for the target's schema, as {@code landbridge.schema_step}
 * keeps it.
 *
 * @param number its place in the plan, from 1
 * @param parent number of the step that makes what this one belongs to; 0 when it stands by itself
 * @param table the chosen table that it is for, if it is for one
 * @param weight how much work it may be: bytes of its table at the source
 * @param undo what takes it away again; empty when something else's undo does
 * @param outcome empty until it ran
 */
record SchemaStep(
        int number,
        DdlStage stage,
        DdlKind kind,
        String object,
        int parent,
        Optional<TableId> table,
        long weight,
        String sql,
        String undo,
        Optional<Outcome> outcome) {

    /** How a step ended. */
    enum Outcome {
        /** It ran: what it makes is ours. */
        DONE,
        /** The object was there before us. */
        PRESENT,
        /** What it belongs to was there before us, and so is itself left as it was. */
        SKIPPED,
        /** It ran, and was undone. */
        REMOVED
    }

    boolean isPending() {
        return outcome.isEmpty();
    }

    boolean isDone() {
        return outcome.isPresent() && outcome.get() == Outcome.DONE;
    }

    @Override
    public String toString() {
        return kind + " " + object;
    }
}
