package io.landbridge.phase;

import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * The migration's state in memory, one step behind the store at no time: a change is written down
 * before anybody sees it. Thread-safe: an operator's pause comes from another thread than a step.
 */
final class Journal {

    private final StateStore store;
    private final BiConsumer<Phase, Phase> phases;
    private volatile MigrationState state;
    private boolean persistent;

    /**
     * Begins with {@code state}, which nobody has written down yet unless {@code stored}.
     *
     * @param phases told of every change of the phase, from and to, once it is written down
     */
    Journal(
            StateStore store,
            BiConsumer<Phase, Phase> phases,
            MigrationState state,
            boolean stored) {
        this.store = store;
        this.phases = phases;
        this.state = state;
        this.persistent = stored;
    }

    MigrationState state() {
        return state;
    }

    /** From here on, and not before, the target may be written to: makes our schema there. */
    synchronized void persist() {
        if (!persistent) {
            store.createTable();
            store.save(state);
            persistent = true;
        }
    }

    synchronized void update(UnaryOperator<MigrationState> change) {
        MigrationState next = change.apply(state);
        if (persistent) {
            store.save(next);
        }
        Phase before = state.phase();
        state = next;
        if (before != next.phase()) {
            phases.accept(before, next.phase());
        }
    }

    /** Forgets the document on purpose: the migration's objects are all gone. */
    synchronized void forget() {
        persistent = false;
    }
}
