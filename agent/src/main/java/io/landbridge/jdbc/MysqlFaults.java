package io.landbridge.jdbc;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/**
 * Turns MySQL's errors into faults by SQLSTATE and error number, never by message text.
 *
 * @see <a href="https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html">MySQL's
 *     errors</a>
 */
public final class MysqlFaults {

    private static final int DATABASE_DENIED = 1044;
    private static final int LOGIN_DENIED = 1045;
    private static final int TABLE_DENIED = 1142;
    private static final int COLUMN_DENIED = 1143;
    private static final int PRIVILEGE_DENIED = 1227;
    private static final int ROUTINE_DENIED = 1370;
    private static final int LOCK_WAIT_TIMEOUT = 1205;
    private static final int DISK_FULL = 1021;
    private static final int INTERRUPTED = 1317;
    private static final int DEFINITION_CHANGED = 1412;
    private static final int UNKNOWN_SETTING = 1193;

    private MysqlFaults() {}

    /**
     * The fault that {@code error} means on {@code side}, whose address is {@code where}, while
     * {@code doing} was under way.
     */
    public static Fault of(Side side, DatabaseConfig where, String doing, SQLException error) {
        SQLException said = ConnectionFaults.said(error);
        String place = " [" + said.getSQLState() + "/" + said.getErrorCode() + "]: ";
        if (isConnectionLost(said)) {
            return ConnectionFaults.unreachable(side, where, doing, place, said);
        }
        if (said.getErrorCode() == LOGIN_DENIED) {
            return ConnectionFaults.refusedLogin(side, where, doing, place, said);
        }
        boolean source = side == Side.SOURCE;
        String detail =
                "the "
                        + ConnectionFaults.name(side)
                        + " refused "
                        + doing
                        + place
                        + said.getMessage();
        return switch (said.getErrorCode()) {
            case DATABASE_DENIED, TABLE_DENIED, COLUMN_DENIED, PRIVILEGE_DENIED, ROUTINE_DENIED ->
                    Fault.of(ConnectionFaults.rights(side), detail, said)
                            .hint("run 'landbridge assess': it prints the GRANTs that are missing");
            case LOCK_WAIT_TIMEOUT ->
                    Fault.of(
                            source ? FaultCode.SOURCE_LOCK_TIMEOUT : FaultCode.TARGET_LOCK_TIMEOUT,
                            detail,
                            said);
            case DISK_FULL ->
                    Fault.of(source ? FaultCode.SOURCE_SQL : FaultCode.TARGET_FULL, detail, said)
                            .hint("free disk space on that server; the agent goes on by itself");
            default -> Fault.of(source ? FaultCode.SOURCE_SQL : FaultCode.TARGET_SQL, detail, said);
        };
    }

    /** Whether the server lacks a setting that every server of the wanted make has. */
    static boolean isOtherMake(SQLException error) {
        return ConnectionFaults.said(error).getErrorCode() == UNKNOWN_SETTING;
    }

    /** The fault of a server that is {@code version}, and should be {@code wanted}. */
    static Fault otherMake(Side side, String wanted, String version, SQLException error) {
        return Fault.of(
                        side == Side.SOURCE ? FaultCode.SOURCE_SQL : FaultCode.TARGET_SQL,
                        "the "
                                + ConnectionFaults.name(side)
                                + " is no "
                                + wanted
                                + ", but "
                                + version,
                        ConnectionFaults.said(error))
                .hint(
                        "MariaDB and older versions of MySQL can't be moved: agent/docs/mariadb.md"
                                + " says why; dump and load such a database, or upgrade a MySQL"
                                + " first");
    }

    /**
     * Whether the same statement may go well in another transaction: it was broken off, or the
     * table was truncated or altered since its snapshot was taken.
     */
    public static boolean mayPass(SQLException error) {
        return error.getErrorCode() == INTERRUPTED || error.getErrorCode() == DEFINITION_CHANGED;
    }

    /**
     * True when the error means that the server or the way to it is gone, not the statement wrong:
     * class 08 holds a server that shuts down (1053) and one that has no connection left (1040),
     * too.
     */
    public static boolean isConnectionLost(SQLException error) {
        SQLException said = ConnectionFaults.said(error);
        return said instanceof SQLTransientConnectionException
                || (said.getSQLState() != null && said.getSQLState().startsWith("08"));
    }
}
