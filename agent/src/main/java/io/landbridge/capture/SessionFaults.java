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
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return of(source, sql);
            }
            if (cause instanceof Error) {
                return Fault.of(FaultCode.INTERNAL, "the capture failed: " + cause, why)
                        .hint("restart the agent: it goes on from the last commit");
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

    private static Fault of(Database source, SQLException error) {
        String state = error.getSQLState();
        if (SqlFaults.isConnectionLost(error)) {
            return source.fault("streaming its log", error);
        }
        if (state.startsWith("22")) {
            return Fault.of(
                            FaultCode.VALUE_UNSUPPORTED,
                            "the source can't print a value in its own log ["
                                    + state
                                    + "]: "
                                    + error.getMessage(),
                            error)
                    .hint(
                            "its server's log names the column; correct the row there, then run"
                                    + " 'landbridge abort' and start the migration anew");
        }
        // A slot in use, gone or invalidated among them: the check before the next session tells.
        return Fault.of(
                FaultCode.CAPTURE_STOPPED,
                "the source ended the stream [" + state + "]: " + error.getMessage(),
                error);
    }
}
