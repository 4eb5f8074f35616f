package io.landbridge.assess;

import io.landbridge.jdbc.dialect.Dialect;
import io.landbridge.schema.mysql.MysqlVersion;
import java.sql.SQLException;
import java.util.Map;

/** The server's version and its binary log. */
final class MysqlServerCheck implements MysqlCheck {

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
        Dialect dialect = subject.source().dialect();
        if (!dialect.isSupported(version.major(), version.minor(), version.patch())) {
            findings.blocker(
                    FindingCode.SOURCE_VERSION,
                    "source",
                    dialect.product() + " is needed; this is " + version.text(),
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
                                : dialect.persist(
                                                wanted.getKey(),
                                                "'" + wanted.getValue().getKey() + "'")
                                        + ", then reconnect the application");
            }
        }
        String gtids = dialect.gtidSetting().orElse("");
        if (gtids.isEmpty() || !subject.source().setting(gtids).equalsIgnoreCase("ON")) {
            findings.note(
                    FindingCode.MYSQL_BINLOG,
                    gtids.isEmpty() ? "GTIDs" : gtids,
                    (gtids.isEmpty() ? "they are not used" : "it is off")
                            + ": positions are those of this server's files, so that the migration"
                            + " can't go on from a replica after a failover",
                    "");
        }
    }
}
