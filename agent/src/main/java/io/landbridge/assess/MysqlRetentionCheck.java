package io.landbridge.assess;

import io.landbridge.schema.mysql.MysqlTable;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Whether the server keeps its log as long as the migration may need it. The log is read as it
 * grows; it must outlive whatever keeps the agent from reading, and with {@code
 * transport.acknowledge: applied} the whole load.
 */
final class MysqlRetentionCheck implements MysqlCheck {

    private static final Duration LEAST = Duration.ofDays(1);

    /** What a load on a modest machine copies in a second. */
    private static final long BYTES_PER_SECOND = 10 << 20;

    private static final long SECONDS_OF_A_DAY = 86_400;

    @Override
    public void run(MysqlSubject subject, Findings findings) throws SQLException {
        Duration kept = Duration.ofSeconds(number(subject, "binlog_expire_logs_seconds"));
        if (kept.isZero()) {
            kept = Duration.ofDays(number(subject, "expire_logs_days"));
        }
        long bytes = subject.tables().stream().mapToLong(MysqlTable::bytes).sum();
        Duration load = Duration.ofSeconds(bytes / BYTES_PER_SECOND);
        Duration wanted = load.multipliedBy(2).plus(LEAST);
        if (!kept.isZero() && kept.compareTo(wanted) < 0) {
            findings.warning(
                    FindingCode.MYSQL_BINLOG_RETENTION,
                    "binlog_expire_logs_seconds",
                    "the log is kept for "
                            + text(kept)
                            + " only, and grows by about "
                            + SizeCheck.human(growthOfADay(subject, kept))
                            + " a day; the load of "
                            + SizeCheck.human(bytes)
                            + " may take "
                            + text(load)
                            + ". What is not read by then is lost, and the migration stops",
                    subject.source()
                            .dialect()
                            .persist(
                                    "binlog_expire_logs_seconds",
                                    String.valueOf(
                                            Math.max(3 * SECONDS_OF_A_DAY, wanted.toSeconds()))));
        }
    }

    /** MariaDB counts days with a fraction. */
    private static long number(MysqlSubject subject, String setting) throws SQLException {
        String value = subject.source().setting(setting);
        return value.isEmpty() ? 0 : new BigDecimal(value).longValue();
    }

    /** What there is of the log is as old as it is kept, or as the server has been up. */
    private static long growthOfADay(MysqlSubject subject, Duration kept) throws SQLException {
        List<List<String>> files = subject.source().rows("SHOW BINARY LOGS");
        long bytes = files.stream().mapToLong(file -> Long.parseLong(file.get(1))).sum();
        long up =
                Long.parseLong(
                        subject.source()
                                .rows("SHOW GLOBAL STATUS WHERE variable_name = 'Uptime'")
                                .get(0)
                                .get(1));
        long seconds = Math.max(1, Math.min(up, kept.toSeconds()));
        return (long) ((double) bytes * SECONDS_OF_A_DAY / seconds);
    }

    private static String text(Duration duration) {
        return duration.compareTo(Duration.ofHours(2)) < 0
                ? duration.toMinutes() + " minutes"
                : duration.toHours() + " hours";
    }
}
