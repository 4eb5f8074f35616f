package io.landbridge.capture;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.SqlFaults;
import java.io.IOException;
import java.sql.SQLException;

/** Tells by types and SQLSTATE what ended a session. */
final class SessionFaults {

    private SessionFaults() {}

    static Fault of(Database source, Throwable why) {
        for (Throwable cause = why; cause != null; cause = cause.getCause()) {
            if (cause instanceof Fault fault) {
                return fault;
            }
            if (cause instanceof SQLException sql && SqlFaults.isConnectionLost(sql)) {
                return source.fault("streaming its log", sql);
            }
            if (cause instanceof IOException) {
                return Fault.of(
                        FaultCode.SOURCE_UNREACHABLE,
                        "the connection to the source broke: " + cause.getMessage(),
                        why);
            }
        }
        return Fault.of(FaultCode.CAPTURE_STOPPED, "the stream broke: " + why.getMessage(), why)
                .hint("the log has the details; the capture tries again by itself");
    }
}
