package io.landbridge.assess;

import java.sql.SQLException;

/** The two servers as such: versions, roles, encodings, room for our connections. */
final class ServerCheck implements Check {

    private static final long OLDEST_SOURCE = 120000;
    private static final long OLDEST_TARGET = 150000;

    /** Connections beside the workers': capture, heartbeat, controller, snapshots. */
    private static final int OTHER_CONNECTIONS = 6;

    @Override
    public void run(Subject subject, Findings findings) throws SQLException {
        versions(subject, findings);
        same(subject, findings);
        writable(subject, findings);
        encodings(subject, findings);
        connections(subject, findings);
        transactionTimeout(subject.source(), "source", findings);
        transactionTimeout(subject.target(), "target", findings);
    }

    private static void versions(Subject subject, Findings findings) throws SQLException {
        long source = subject.source().version();
        long target = subject.target().version();
        if (source < OLDEST_SOURCE) {
            findings.blocker(
                    FindingCode.SOURCE_VERSION,
                    "PostgreSQL " + name(source),
                    "sources are supported from PostgreSQL 12 on",
                    "upgrade the source to 12 or later first");
        }
        if (target < OLDEST_TARGET) {
            findings.blocker(
                    FindingCode.TARGET_VERSION,
                    "PostgreSQL " + name(target),
                    "targets are supported from PostgreSQL 15 on",
                    "use a target of version 15 or later");
        } else if (target / 10000 < source / 10000) {
            findings.warning(
                    FindingCode.TARGET_OLDER,
                    "PostgreSQL " + name(source) + " to " + name(target),
                    "what only the newer source knows (types, DDL) can't be made at the target",
                    "use a target at least as new as the source");
        }
    }

    private static String name(long version) {
        return version / 10000 + "." + version % 10000;
    }

    private static void same(Subject subject, Findings findings) throws SQLException {
        String identity =
                "select pg_postmaster_start_time() || ' ' || oid from pg_database"
                        + " where datname = current_database()";
        if (subject.source().text(identity).equals(subject.target().text(identity))) {
            findings.blocker(
                    FindingCode.SAME_DATABASE,
                    subject.configuration().target().display(),
                    "source and target are the same database",
                    "correct one of the two URLs");
        }
    }

    private static void writable(Subject subject, Findings findings) throws SQLException {
        if (subject.source().flag("select pg_is_in_recovery()")) {
            findings.blocker(
                    FindingCode.SOURCE_STANDBY,
                    subject.configuration().source().display(),
                    "the source is a standby: no publication, marker or fence can be made there",
                    "name the primary as the source");
        }
        if (subject.target().flag("select pg_is_in_recovery()")
                || subject.target()
                        .flag(
                                "select reset_val::bool from pg_settings"
                                        + " where name = 'default_transaction_read_only'")) {
            findings.blocker(
                    FindingCode.TARGET_READ_ONLY,
                    subject.configuration().target().display(),
                    "the target is a standby, or its sessions are read-only by default",
                    "name the primary as the target; ALTER ROLE ... SET"
                            + " default_transaction_read_only = off");
        }
    }

    private static void encodings(Subject subject, Findings findings) throws SQLException {
        String query =
                "select pg_encoding_to_char(encoding), datcollate, datctype from pg_database"
                        + " where datname = current_database()";
        Inquiry.Row source = subject.source().rows(query).get(0);
        Inquiry.Row target = subject.target().rows(query).get(0);
        if (source.text(1).equals("SQL_ASCII")) {
            findings.warning(
                    FindingCode.ENCODING,
                    "SQL_ASCII",
                    "the source does not know how its text is encoded: a row whose bytes are not"
                            + " UTF-8 stops its table",
                    "find and re-encode such rows first, or exclude their tables");
        } else if (!target.text(1).equals("UTF8") && !target.text(1).equals(source.text(1))) {
            findings.blocker(
                    FindingCode.ENCODING,
                    source.text(1) + " to " + target.text(1),
                    "the target's encoding can't hold every character of the source's",
                    "CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0 at the target");
        } else if (!target.text(1).equals(source.text(1))) {
            findings.note(
                    FindingCode.ENCODING,
                    source.text(1) + " to " + target.text(1),
                    "text is converted on its way; no character is lost",
                    "");
        }
        if (!source.text(2).equals(target.text(2)) || !source.text(3).equals(target.text(3))) {
            findings.warning(
                    FindingCode.COLLATION,
                    source.text(2)
                            + "/"
                            + source.text(3)
                            + " to "
                            + target.text(2)
                            + "/"
                            + target.text(3),
                    "text sorts and changes case differently at the target: results in order,"
                            + " ranges of text and partitions by ranges of text may differ",
                    "CREATE DATABASE ... LC_COLLATE "
                            + "'"
                            + source.text(2)
                            + "' LC_CTYPE '"
                            + source.text(3)
                            + "' TEMPLATE template0, unless the change is wanted");
        }
    }

    private static void connections(Subject subject, Findings findings) throws SQLException {
        int source = subject.configuration().load().workers() + OTHER_CONNECTIONS;
        int target =
                Math.max(
                                subject.configuration().load().workers(),
                                subject.configuration().apply().workers())
                        + OTHER_CONNECTIONS;
        connections(subject.source(), "source", source, findings);
        connections(subject.target(), "target", target, findings);
    }

    private static void connections(Inquiry side, String which, int wanted, Findings findings)
            throws SQLException {
        long free =
                side.number(
                        "select current_setting('max_connections')::int"
                                + " - current_setting('superuser_reserved_connections')::int"
                                + " - (select count(*) from pg_stat_activity"
                                + "    where backend_type = 'client backend')");
        if (free < wanted) {
            findings.warning(
                    FindingCode.CONNECTIONS,
                    "max_connections at the " + which,
                    free
                            + " connections are free there at this moment; the migration may want "
                            + wanted,
                    "raise max_connections, or lower load.workers and apply.workers");
        }
    }

    private static void transactionTimeout(Inquiry side, String which, Findings findings)
            throws SQLException {
        String timeout = side.setting("transaction_timeout");
        if (!timeout.isEmpty() && !timeout.equals("0")) {
            findings.warning(
                    FindingCode.TRANSACTION_TIMEOUT,
                    "transaction_timeout at the " + which,
                    "it ends every transaction after "
                            + timeout
                            + " ms: chunks, index builds and"
                            + " large transactions among them",
                    "ALTER ROLE the migration's user SET transaction_timeout = 0");
        }
    }
}
