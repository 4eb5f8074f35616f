package io.landbridge.apply;

import io.landbridge.change.Operation;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.target.Refusal;
import java.util.Optional;

/**
 * The target refuses a run of changes in the source's order, or one of them. Never leaves this
 * package.
 */
final class RowRefused extends Exception {

    private final int run;
    private final TablePlan plan;
    private final boolean one;
    private final String what;
    private final SourcePosition after;
    private final Optional<Refusal> refusal;

    /**
     * @param run the run's number in its pass
     * @param one whether it is known to be a single change, the one that {@code what} names
     * @param after where the transaction before it ended
     * @param refusal what the target's error means; empty when it found other rows than the source
     */
    RowRefused(
            int run,
            TablePlan plan,
            boolean one,
            String what,
            SourcePosition after,
            Optional<Refusal> refusal,
            Exception cause) {
        super(cause);
        this.run = run;
        this.plan = plan;
        this.one = one;
        this.what = what;
        this.after = after;
        this.refusal = refusal;
    }

    int run() {
        return run;
    }

    boolean isOne() {
        return one;
    }

    /** Names a change for people: its key is what identifies the row, so it is named. */
    static String name(TablePlan plan, Operation operation, Object key) {
        return operation
                + (plan.layout().hasKey()
                        ? " of key " + plan.layout().keyColumns() + " = " + key
                        : " of a row without key");
    }

    /** Why the table is to be stopped. */
    Fault fault() {
        String where = ", in the transaction after " + after.text();
        return refusal.map(
                        said ->
                                Fault.of(
                                        said.code(),
                                        what + " was refused: " + said.description() + where))
                .orElseGet(
                        () ->
                                Fault.of(
                                        FaultCode.DIVERGENCE,
                                        what + ": " + getCause().getMessage() + where))
                .in(plan.layout().table())
                .at(after)
                .hint("compare the row on both sides, then repair the table");
    }
}
