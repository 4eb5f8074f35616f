package io.landbridge.assess;

import io.landbridge.schema.mysql.MysqlVersion;
import java.sql.SQLException;
import java.util.Map;

/** The server's version and its binary log. */
final class MysqlServerCheck implements MysqlCheck {

    private static final long DAY_SECONDS = 86_400;

    /** What the log must be set to, and why. */
    private static final Map<String, Map.Entry<String, String>> WANTED =
            Map.of(
                    "log_bin",
                    Map.entry("ON", "changes can only be followed in the binary log"),
                    "binlog_format",
                    Map.entry("ROW", "statements can't be carried to another database"),
                    "binlog_row_image",
                    Map.entry("FULL", "a change must name every column's value"),
                    "binlog_row_value_options",
                    Map.entry("", "partial JSON values can't be carried"));

    @Override
    public void run(MysqlSubject subject, Findings findings) throws SQLException {
        MysqlVersion version = MysqlVersion.of(subject.source().connection());
        if (version.isMariaDb() || !version.isAtLeast(8, 0, 13)) {
            findings.blocker(
                    FindingCode.SOURCE_VERSION,
                    "source",
                    "MySQL 8.0.13 or newer is needed; this is " + version.text(),
                    "upgrade the source");
        }
        for (var wanted : WANTED.entrySet()) {
            String value = subject.source().setting(wanted.getKey());
            if (!value.equalsIgnoreCase(wanted.getValue().getKey())) {
                findings.blocker(
                        FindingCode.MYSQL_BINLOG,
                        wanted.getKey(),
                        "it is '" + value + "': " + wanted.getValue().getValue(),
                        wanted.getKey().equals("log_bin")
                                ? "start the server with --log-bin"
                                : "SET PERSIST "
                                        + wanted.getKey()
                                        + " = '"
                                        + wanted.getValue().getKey()
                                        + "', then reconnect the application");
            }
        }
        retention(subject, findings);
        if (!subject.source().setting("gtid_mode").equalsIgnoreCase("ON")) {
            findings.note(
                    FindingCode.MYSQL_BINLOG,
                    "gtid_mode",
                    "it is off: positions are those of this server's files, so that the migration"
                            + " can't go on from a replica after a failover",
                    "");
        }
    }

    private static void retention(MysqlSubject subject, Findings findings) throws SQLException {
        String seconds = subject.source().setting("binlog_expire_logs_seconds");
        long kept = seconds.isEmpty() ? 0 : Long.parseLong(seconds);
        if (kept > 0 && kept < DAY_SECONDS) {
            findings.warning(
                    FindingCode.MYSQL_BINLOG_RETENTION,
                    "binlog_expire_logs_seconds",
                    "the log is kept for "
                            + kept / 60
                            + " minutes only: what is not read by then is lost, and the migration"
                            + " stops",
                    "SET PERSIST binlog_expire_logs_seconds = 259200");
        }
    }
}
