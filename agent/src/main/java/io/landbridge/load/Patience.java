package io.landbridge.load;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.MysqlFaults;
import java.sql.SQLException;
import java.time.Duration;

/** How often and when one chunk is tried again. Owned by one worker. */
final class Patience {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    /** For what may pass or not; what surely passes is waited for without end. */
    private static final int MOST_ATTEMPTS = 5;

    private int attempts;

    boolean isFresh() {
        return attempts == 0;
    }

    /** Whether a chunk that met {@code fault} is worth another attempt. */
    boolean allows(Fault fault) {
        attempts++;
        return fault.code().isPassing() || (mayPass(fault) && attempts < MOST_ATTEMPTS);
    }

    Duration pause() {
        Duration doubling = SHORTEST.multipliedBy(1L << Math.min(attempts - 1, 10));
        return doubling.compareTo(LONGEST) < 0 ? doubling : LONGEST;
    }

    /**
     * Class 40: deadlock, conflict with recovery; 53: memory and the like; 57014: somebody
     * cancelled the statement; 57P05 and 25P0x: timeouts set by others; 23505 on a later attempt: a
     * session of ours, lost in its commit, was still committing. And MySQL's own.
     */
    private boolean mayPass(Fault fault) {
        if (fault.code() == FaultCode.NOT_LEADER) {
            return true;
        }
        if (!(fault.getCause() instanceof SQLException cause) || cause.getSQLState() == null) {
            return false;
        }
        String state = cause.getSQLState();
        return state.startsWith("40")
                || state.startsWith("53")
                || state.startsWith("25P0")
                || state.equals("57014")
                || state.equals("57P05")
                || (state.equals("23505") && attempts > 1)
                || MysqlFaults.mayPass(cause);
    }
}
