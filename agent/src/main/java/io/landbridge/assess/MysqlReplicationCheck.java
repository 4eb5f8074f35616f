package io.landbridge.assess;

import io.landbridge.jdbc.dialect.Dialect;
import io.landbridge.schema.mysql.MysqlVersion;
import java.sql.SQLException;

/**
 * Whether the server lets itself be followed like a replica. A clash of server ids can't be: the
 * agent takes one that no replica has, each time it starts.
 */
final class MysqlReplicationCheck implements MysqlCheck {

    @Override
    public void run(MysqlSubject subject, Findings findings) throws SQLException {
        if (subject.source().setting("server_id").equals("0")) {
            findings.blocker(
                    FindingCode.MYSQL_BINLOG,
                    "server_id",
                    "it is 0: the server refuses every replica, and so the agent",
                    subject.source()
                            .dialect()
                            .persist(
                                    "server_id",
                                    "a number that no other server of the topology has"));
        }
        upstream(subject, findings);
    }

    /** What a replica gets from its own source stands in its log only on request. */
    private static void upstream(MysqlSubject subject, Findings findings) throws SQLException {
        MysqlVersion version = MysqlVersion.of(subject.source().connection());
        Dialect dialect = subject.source().dialect();
        String setting =
                dialect.logsReplicatedSetting(version.major(), version.minor(), version.patch());
        String status = dialect.upstreams(version.major(), version.minor(), version.patch());
        if (subject.source().setting(setting).equalsIgnoreCase("OFF")
                && !subject.source().rows(status).isEmpty()) {
            findings.blocker(
                    FindingCode.MYSQL_BINLOG,
                    setting,
                    "the source is a replica and does not log what it gets from its own source, so"
                            + " that it can't be followed",
                    "start the server with " + setting + " = ON, or follow its source");
        }
    }
}
