package io.landbridge.capture.binlog;

import com.github.shyiko.mysql.binlog.event.EventData;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * When a transaction was committed, to the microsecond: MySQL 8 writes it into the event that opens
 * the transaction.
 *
 * @see <a
 *     href="https://dev.mysql.com/doc/dev/mysql-server/latest/classmysql_1_1binlog_1_1event_1_1Gtid__event.html">Gtid_event</a>
 */
final class CommitTime {

    /** Behind flags, server, number, and the two clocks of parallel appliers. */
    private static final int AT = 1 + 16 + 8 + 1 + 8 + 8;

    private static final int BYTES = 7;

    /** Set when another server committed it first, whose time follows. */
    private static final long OTHER_FOLLOWS = 1L << 55;

    private CommitTime() {}

    /** Empty when the event doesn't say. */
    static Optional<Instant> of(EventData data) {
        Optional<byte[]> raw = RawEventData.maybe(data);
        if (raw.isEmpty() || raw.get().length < AT + BYTES) {
            return Optional.empty();
        }
        Bytes in = new Bytes(raw.get());
        in.skip(AT);
        long micros = in.little(BYTES) & ~OTHER_FOLLOWS;
        return Optional.of(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }
}
