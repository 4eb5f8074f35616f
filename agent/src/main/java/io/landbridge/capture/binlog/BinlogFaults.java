package io.landbridge.capture.binlog;

import com.github.shyiko.mysql.binlog.network.ServerException;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.MysqlDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;

/** Tells by types and error numbers what ended a session. */
final class BinlogFaults {

    private static final int ACCESS_DENIED = 1045;
    private static final int RIGHT_MISSING = 1227;

    private BinlogFaults() {}

    static Fault of(MysqlDatabase source, Throwable why) {
        for (Throwable cause = why; cause != null; cause = cause.getCause()) {
            if (cause instanceof Fault fault) {
                return fault;
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return source.fault("streaming its log", sql);
            }
            if (cause instanceof ServerException refused) {
                return refused(refused, why);
            }
            if (cause instanceof Error) {
                return Fault.of(FaultCode.INTERNAL, "the capture failed: " + cause, why)
                        .hint("restart the agent: it goes on from the last commit");
            }
            if (cause instanceof IOException || cause instanceof TimeoutException) {
                return Fault.of(
                        FaultCode.SOURCE_UNREACHABLE,
                        "the connection to the source broke: " + cause.getMessage(),
                        why);
            }
        }
        return Fault.of(FaultCode.CAPTURE_STOPPED, "the stream broke: " + why.getMessage(), why)
                .hint("the log has the details; the capture tries again by itself");
    }

    private static Fault refused(ServerException refused, Throwable why) {
        String what =
                "the source ended the stream ["
                        + refused.getErrorCode()
                        + "]: "
                        + refused.getMessage();
        return switch (refused.getErrorCode()) {
            case ACCESS_DENIED, RIGHT_MISSING ->
                    Fault.of(FaultCode.SOURCE_RIGHTS, what, why)
                            .hint("GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* to the role");
            // A log that is gone among them: the check before the next session tells.
            default -> Fault.of(FaultCode.CAPTURE_STOPPED, what, why);
        };
    }
}
