package io.landbridge.jdbc;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;

/**
 * Turns SQL errors into faults by SQLSTATE, never by message text.
 *
 * @see <a href="https://www.postgresql.org/docs/17/errcodes-appendix.html">PostgreSQL's codes</a>
 */
public final class SqlFaults {

    private static final String PROTOCOL_VIOLATION = "08P01";
    private static final String INVALID_AUTHORIZATION = "28";
    private static final String DATA_EXCEPTION = "22";
    private static final Pattern QUOTED = Pattern.compile("\".*\"", Pattern.DOTALL);

    private SqlFaults() {}

    /**
     * The fault that {@code error} means on {@code side}, whose address is {@code where}, while
     * {@code doing} was under way.
     */
    public static Fault of(Side side, DatabaseConfig where, String doing, SQLException error) {
        SQLException said = ConnectionFaults.said(error);
        String state = said.getSQLState() == null ? "" : said.getSQLState();
        String place = " [" + state + "]: ";
        if (isConnectionLost(said)) {
            return ConnectionFaults.unreachable(side, where, doing, place, said);
        }
        if (state.startsWith(INVALID_AUTHORIZATION)) {
            return ConnectionFaults.refusedLogin(side, where, doing, place, said);
        }
        boolean source = side == Side.SOURCE;
        String detail =
                "the "
                        + ConnectionFaults.name(side)
                        + " refused "
                        + doing
                        + place
                        + message(state, said);
        return switch (state) {
            case "42501" ->
                    Fault.of(ConnectionFaults.rights(side), detail, said)
                            .hint("run 'landbridge assess': it prints the GRANTs that are missing");
            case "55P03" ->
                    Fault.of(
                            source ? FaultCode.SOURCE_LOCK_TIMEOUT : FaultCode.TARGET_LOCK_TIMEOUT,
                            detail,
                            said);
            case "53100" ->
                    Fault.of(source ? FaultCode.SOURCE_SQL : FaultCode.TARGET_FULL, detail, said)
                            .hint("free disk space on that server; the agent goes on by itself");
            default -> Fault.of(source ? FaultCode.SOURCE_SQL : FaultCode.TARGET_SQL, detail, said);
        };
    }

    /**
     * The server's words, without what it quotes of a row: messages of data exceptions repeat the
     * value that they refuse.
     */
    private static String message(String state, SQLException error) {
        String message = String.valueOf(error.getMessage());
        return state.startsWith(DATA_EXCEPTION)
                ? QUOTED.matcher(message).replaceAll("(a value)")
                : message;
    }

    /**
     * True when the error means that the server or the way to it is gone, not the statement wrong.
     */
    public static boolean isConnectionLost(SQLException error) {
        SQLException said = ConnectionFaults.said(error);
        // The pool alone, when nobody gave a connection back in time, has no SQLSTATE.
        return said instanceof SQLTransientConnectionException
                || (said.getSQLState() != null
                        && isConnectionLost(said.getSQLState())
                        && !isRefusedMessage(said));
    }

    /**
     * A server that lives says protocol_violation too when COPY data doesn't fit a column; trying
     * again would not help. Only the server itself names its routine: poolers, which use the state
     * for lost connections, and the driver don't.
     */
    private static boolean isRefusedMessage(SQLException error) {
        return PROTOCOL_VIOLATION.equals(error.getSQLState())
                && error instanceof PSQLException refused
                && refused.getServerErrorMessage() != null
                && refused.getServerErrorMessage().getRoutine() != null;
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
