package io.landbridge.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/**
 * One kind of transaction that a {@link Workload} mixes in.
 *
 * @param name what the ledger counts it as
 * @param weight how often it comes, relative to the others
 */
public record WriterTransaction(String name, int weight, Body body) {

    /** The statements between begin and end. */
    @FunctionalInterface
    public interface Body {
        /** Returns whether to commit; false rolls back, as planned. */
        boolean run(Connection connection, Random random) throws SQLException;
    }

    static WriterTransaction pick(List<WriterTransaction> kinds, Random random) {
        int at = random.nextInt(kinds.stream().mapToInt(WriterTransaction::weight).sum());
        for (WriterTransaction kind : kinds) {
            at -= kind.weight();
            if (at < 0) {
                return kind;
            }
        }
        throw new AssertionError("weights changed while picking");
    }
}
