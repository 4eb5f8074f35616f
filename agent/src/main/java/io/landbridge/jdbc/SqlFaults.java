package io.landbridge.jdbc;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.sql.SQLException;

/**
 * Turns SQL errors into faults by SQLSTATE, never by message text.
 *
 * @see <a href="https://www.postgresql.org/docs/17/errcodes-appendix.html">PostgreSQL's codes</a>
 */
public final class SqlFaults {

    private SqlFaults() {}

    /** The fault that {@code error} means on {@code side} while {@code doing} was under way. */
    public static Fault of(Side side, String doing, SQLException error) {
        boolean source = side == Side.SOURCE;
        String what = "the " + (source ? "source" : "target") + " refused " + doing;
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        String detail = what + " [" + state + "]: " + error.getMessage();
        if (isConnectionLost(state)) {
            return Fault.of(
                    source ? FaultCode.SOURCE_UNREACHABLE : FaultCode.TARGET_UNREACHABLE,
                    "lost the connection to the "
                            + (source ? "source" : "target")
                            + " during "
                            + doing
                            + " ["
                            + state
                            + "]: "
                            + error.getMessage(),
                    error);
        }
        return switch (state) {
            case "42501" ->
                    Fault.of(
                                    source ? FaultCode.SOURCE_RIGHTS : FaultCode.TARGET_RIGHTS,
                                    detail,
                                    error)
                            .hint("run 'landbridge assess': it prints the GRANTs that are missing");
            case "55P03" ->
                    Fault.of(
                            source ? FaultCode.SOURCE_LOCK_TIMEOUT : FaultCode.TARGET_LOCK_TIMEOUT,
                            detail,
                            error);
            case "53100" ->
                    Fault.of(source ? FaultCode.SOURCE_SQL : FaultCode.TARGET_FULL, detail, error)
                            .hint("free disk space on that server; the agent goes on by itself");
            default ->
                    Fault.of(source ? FaultCode.SOURCE_SQL : FaultCode.TARGET_SQL, detail, error);
        };
    }

    /**
     * True when the error means that the server or the way to it is gone, not the statement wrong.
     */
    public static boolean isConnectionLost(SQLException error) {
        return error.getSQLState() != null && isConnectionLost(error.getSQLState());
    }

    private static boolean isConnectionLost(String state) {
        // 08: connection; 57P01-57P03: shutdown, crash, starting up; 53300: too many connections.
        return state.startsWith("08")
                || state.equals("57P01")
                || state.equals("57P02")
                || state.equals("57P03")
                || state.equals("53300");
    }
}
