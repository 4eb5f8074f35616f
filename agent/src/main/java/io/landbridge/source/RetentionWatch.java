package io.landbridge.source;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Samples a slot and turns the difference between samples into rates and a forecast. */
final class RetentionWatch {

    /** A rate over less time than this is noise. */
    private static final double SHORTEST_SECONDS = 1;

    private record Sample(
            Lsn current,
            Lsn restart,
            Lsn confirmed,
            Optional<String> walStatus,
            OptionalLong safe,
            long nanos) {

        long bytes() {
            return current.bytesSince(restart);
        }
    }

    private final Database source;
    private final String slot;
    private Sample before;
    private double walRate;
    private double growth;

    RetentionWatch(Database source, String slot) {
        this.source = source;
        this.slot = slot;
    }

    synchronized LogRetention sample() {
        Sample now = source.with("reading slot " + slot, this::read);
        if (before == null) {
            before = now;
        }
        double seconds = (now.nanos - before.nanos) / 1e9;
        if (seconds >= SHORTEST_SECONDS) {
            walRate = now.current.bytesSince(before.current) / seconds;
            growth = (now.bytes() - before.bytes()) / seconds;
            before = now;
        }
        return new LogRetention(
                now.bytes(),
                now.confirmed,
                now.walStatus,
                now.safe,
                walRate,
                growth,
                untilLost(now));
    }

    private Optional<Duration> untilLost(Sample now) {
        if (now.safe.isEmpty() || walRate <= 0) {
            return Optional.empty();
        }
        long seconds = (long) (Math.max(0, now.safe.getAsLong()) / walRate);
        return Optional.of(Duration.ofSeconds(seconds));
    }

    private Sample read(Connection connection) throws SQLException {
        boolean hasStatus = PostgresLog.major(connection) >= 13;
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT pg_current_wal_lsn(),"
                                + " coalesce(restart_lsn, confirmed_flush_lsn), confirmed_flush_lsn,"
                                + (hasStatus
                                        ? " wal_status, safe_wal_size"
                                        : " NULL::text, NULL::bigint")
                                + " FROM pg_replication_slots WHERE slot_name = ?")) {
            select.setString(1, slot);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw Fault.of(FaultCode.SOURCE_GAP, "slot " + slot + " is gone")
                            .hint("run 'landbridge abort', then start the migration anew");
                }
                long safe = row.getLong(5);
                boolean unlimited = row.wasNull();
                return new Sample(
                        Lsn.parse(row.getString(1)),
                        Lsn.parse(row.getString(2)),
                        Lsn.parse(row.getString(3)),
                        Optional.ofNullable(row.getString(4)),
                        unlimited ? OptionalLong.empty() : OptionalLong.of(safe),
                        System.nanoTime());
            }
        }
    }
}
