package io.landbridge.capture;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.SqlFaults;
import java.sql.SQLException;
import java.util.Optional;

/** Tells by SQLSTATE what ended a session. */
final class SessionFaults {

    private SessionFaults() {}

    static Fault of(Database source, Throwable why) {
        return BrokenStream.fault(
                why,
                cause ->
                        cause instanceof SQLException sql && sql.getSQLState() != null
                                ? Optional.of(of(source, sql))
                                : Optional.empty());
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
