package io.landbridge.jdbc;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** What means the same on every engine: a server that isn't there, or that lets nobody in. */
final class ConnectionFaults {

    private ConnectionFaults() {}

    /**
     * What the driver said where {@code error} is the pool's complaint that it has waited in vain,
     * which tells neither address nor reason; else {@code error} itself.
     */
    static SQLException said(SQLException error) {
        return error instanceof SQLTransientConnectionException
                        && error.getCause() instanceof SQLException driver
                ? driver
                : error;
    }

    /** {@code place}: the engine's codes in brackets. */
    static Fault unreachable(
            Side side, DatabaseConfig where, String doing, String place, SQLException error) {
        return Fault.of(
                        side == Side.SOURCE
                                ? FaultCode.SOURCE_UNREACHABLE
                                : FaultCode.TARGET_UNREACHABLE,
                        "no connection to the "
                                + name(side)
                                + " at "
                                + address(where)
                                + " during "
                                + doing
                                + place
                                + words(error),
                        error)
                .hint(
                        "see that the server runs and can be reached from here as "
                                + where.display());
    }

    /** A login that was refused: no GRANT helps here. */
    static Fault refusedLogin(
            Side side, DatabaseConfig where, String doing, String place, SQLException error) {
        return Fault.of(
                        rights(side),
                        "the "
                                + name(side)
                                + " at "
                                + address(where)
                                + " lets '"
                                + where.user()
                                + "' not in for "
                                + doing
                                + place
                                + words(error),
                        error)
                .hint(
                        "check user, password, TLS mode and what the server allows from here"
                                + " (pg_hba.conf, or the host part of a MySQL account)");
    }

    static FaultCode rights(Side side) {
        return side == Side.SOURCE ? FaultCode.SOURCE_RIGHTS : FaultCode.TARGET_RIGHTS;
    }

    static String name(Side side) {
        return side == Side.SOURCE ? "source" : "target";
    }

    private static String address(DatabaseConfig where) {
        return where.host() + ":" + where.port();
    }

    /** The first line, and what lies at the bottom of it: drivers keep a host's name there. */
    private static String words(SQLException error) {
        String message = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
        Throwable bottom = error;
        while (bottom.getCause() != null && bottom.getCause() != bottom) {
            bottom = bottom.getCause();
        }
        return bottom == error
                ? message
                : message
                        + " ("
                        + bottom.getClass().getSimpleName()
                        + ": "
                        + bottom.getMessage()
                        + ")";
    }
}
