package io.landbridge.apply;

import io.landbridge.change.Operation;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.target.Refusal;
import java.sql.SQLException;

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

    /**
     * @param run the run's number in its pass
     * @param one whether it is known to be a single change, the one that {@code what} names
     * @param after where the transaction before it ended
     */
    RowRefused(
            int run,
            TablePlan plan,
            boolean one,
            String what,
            SourcePosition after,
            Exception cause) {
        super(cause);
        this.run = run;
        this.plan = plan;
        this.one = one;
        this.what = what;
        this.after = after;
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
        Fault fault =
                getCause() instanceof SQLException sql
                        ? Fault.of(
                                code(sql), what + " was refused: " + Refusal.describe(sql) + where)
                        : Fault.of(
                                FaultCode.DIVERGENCE,
                                what + ": " + getCause().getMessage() + where);
        return fault.in(plan.layout().table())
                .at(after)
                .hint("compare the row on both sides, then repair the table");
    }

    private static FaultCode code(SQLException error) {
        String state = error.getSQLState();
        if (state.startsWith("42")) {
            return FaultCode.SOURCE_DDL;
        }
        return state.equals("23505") || state.equals("23P01")
                ? FaultCode.DIVERGENCE
                : FaultCode.VALUE_UNSUPPORTED;
    }
}
