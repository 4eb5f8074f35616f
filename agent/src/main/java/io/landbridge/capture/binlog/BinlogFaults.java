package io.landbridge.capture.binlog;

import com.github.shyiko.mysql.binlog.network.ServerException;
import io.landbridge.capture.BrokenStream;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.MysqlDatabase;
import java.sql.SQLException;
import java.util.Optional;

/** Tells by error numbers what ended a session. */
final class BinlogFaults {

    private static final int ACCESS_DENIED = 1045;
    private static final int RIGHT_MISSING = 1227;

    private BinlogFaults() {}

    static Fault of(MysqlDatabase source, Throwable why) {
        return BrokenStream.fault(
                why,
                cause -> {
                    if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                        return Optional.of(source.fault("streaming its log", sql));
                    }
                    return cause instanceof ServerException refused
                            ? Optional.of(refused(refused, why))
                            : Optional.empty();
                });
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
