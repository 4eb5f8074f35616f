package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what needs tables' locks, again and again until it gets them or patience ends. */
final class LockTries {

    private static final Logger LOG = LoggerFactory.getLogger(LockTries.class);

    /** lock_not_available, query_canceled, deadlock_detected: only the moment is wrong. */
    private static final Set<String> TROUBLE = Set.of("55P03", "57014", "40P01");

    interface Work {
        /** Throws the fault of a lock's timeout when it wasn't had in time. */
        void within(Duration timeout);
    }

    private final Database database;

    LockTries(Database database) {
        this.database = database;
    }

    /**
     * @param tables what is locked, to name who holds them
     * @throws Fault SOURCE_LOCK_TIMEOUT or TARGET_LOCK_TIMEOUT after the last try
     */
    void run(LockPatience patience, Set<TableId> tables, Work work) {
        for (int failed = 1; ; failed++) {
            try {
                work.within(patience.timeout());
                return;
            } catch (Fault e) {
                if (!isTrouble(e)) {
                    throw e;
                }
                String who =
                        Blocker.describe(
                                database.with(
                                        "asking who holds the tables",
                                        connection -> Blocker.onTables(connection, tables)));
                if (failed >= patience.tries()) {
                    throw givingUp(patience, who, e);
                }
                LOG.info("try {} of {} for locks failed: {}", failed, patience.tries(), who);
                LockSupport.parkNanos(patience.pauseAfter(failed).toNanos());
            }
        }
    }

    private Fault givingUp(LockPatience patience, String who, Fault last) {
        return Fault.of(
                        database.side() == Side.SOURCE
                                ? FaultCode.SOURCE_LOCK_TIMEOUT
                                : FaultCode.TARGET_LOCK_TIMEOUT,
                        "tables were held through "
                                + patience.tries()
                                + " tries of "
                                + patience.timeout().toMillis()
                                + " ms: "
                                + who,
                        last)
                .hint(
                        "wait for those transactions or end them with pg_terminate_backend(pid),"
                                + " then try again");
    }

    private static boolean isTrouble(Fault fault) {
        return fault.getCause() instanceof SQLException error
                && TROUBLE.contains(String.valueOf(error.getSQLState()));
    }
}
