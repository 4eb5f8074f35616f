package io.landbridge.assess;

import io.landbridge.schema.Sql;
import io.landbridge.source.PostgresLog;
import java.sql.SQLException;

/** What following the source's log needs, and what could end it. */
final class LogCheck implements Check {

    private static final long SHORT_TIMEOUT_MILLIS = 10_000;

    /** A prepared transaction of that age has been forgotten by whoever prepared it. */
    private static final long FORGOTTEN_SECONDS = 60;

    /** One for the stream, one for validation's snapshots. */
    private static final int SLOTS_WANTED = 2;

    @Override
    public void run(Subject subject, Findings findings) throws SQLException {
        if (!subject.streams()) {
            return;
        }
        Inquiry source = subject.source();
        walLevel(source, findings);
        slots(subject, findings);
        timeouts(source, findings);
        plugin(source, findings);
        transactions(source, findings);
        wayBack(subject.target(), findings);
    }

    private static void walLevel(Inquiry source, Findings findings) throws SQLException {
        String level = source.setting("wal_level");
        if (!level.equals("logical")) {
            findings.blocker(
                    FindingCode.WAL_LEVEL,
                    "wal_level = " + level,
                    "the source's log does not hold what changed in which row",
                    "ALTER SYSTEM SET wal_level = 'logical'; and restart the source (managed"
                            + " services have a parameter of their own for it)");
        }
    }

    private static void slots(Subject subject, Findings findings) throws SQLException {
        Inquiry source = subject.source();
        String name =
                new PostgresLog(
                                subject.sourceDatabase(),
                                subject.configuration().migration().name())
                        .name();
        long free =
                source.number(
                        "select current_setting('max_replication_slots')::int"
                                + " - (select count(*) from pg_replication_slots"
                                + "    where slot_name <> ?)",
                        name);
        few(
                findings,
                FindingCode.REPLICATION_SLOTS,
                "max_replication_slots",
                free,
                "SELECT slot_name, active FROM pg_replication_slots; drop what nobody uses with"
                        + " pg_drop_replication_slot, or ALTER SYSTEM SET max_replication_slots"
                        + " higher and restart");
        long senders =
                source.number(
                        "select current_setting('max_wal_senders')::int"
                                + " - (select count(*) from pg_stat_activity"
                                + "    where backend_type = 'walsender'"
                                + "      and application_name !~ '^landbridge')");
        few(
                findings,
                FindingCode.WAL_SENDERS,
                "max_wal_senders",
                senders,
                "ALTER SYSTEM SET max_wal_senders higher and restart");
        if (source.flag(
                "select exists (select 1 from pg_replication_slots"
                        + " where slot_name = ? and active)",
                name)) {
            findings.warning(
                    FindingCode.SLOT_IN_USE,
                    "slot " + name,
                    "something streams from this migration's slot already: another agent?",
                    "end it first, or give this migration another name");
        }
        String keep = source.setting("max_slot_wal_keep_size");
        if (!keep.isEmpty() && !keep.equals("-1")) {
            findings.warning(
                    FindingCode.WAL_RETENTION,
                    "max_slot_wal_keep_size = " + keep + " MB",
                    "when the slot falls further behind than that, the source removes its log and"
                            + " the migration must start anew",
                    "ALTER SYSTEM SET max_slot_wal_keep_size = -1, or to what its disk can spare;"
                            + " SELECT pg_reload_conf()");
        } else {
            findings.note(
                    FindingCode.WAL_RETENTION,
                    "max_slot_wal_keep_size",
                    "the source keeps its log for as long as the slot needs it; a stopped agent"
                            + " lets its disk fill",
                    "watch landbridge_slot_retained_bytes; 'landbridge abort' drops the slot");
        }
    }

    private static void few(
            Findings findings, FindingCode code, String setting, long free, String whatToDo) {
        if (free >= SLOTS_WANTED) {
            return;
        }
        findings.add(
                free < 1 ? Severity.BLOCKER : Severity.WARNING,
                code,
                setting,
                free < 1
                        ? "none is free at the source"
                        : "one is free: enough for the stream, not for validating while it runs",
                whatToDo);
    }

    private static void timeouts(Inquiry source, Findings findings) throws SQLException {
        long timeout = Long.parseLong(source.setting("wal_sender_timeout"));
        if (timeout > 0 && timeout < SHORT_TIMEOUT_MILLIS) {
            findings.warning(
                    FindingCode.WAL_SENDER_TIMEOUT,
                    "wal_sender_timeout = " + timeout + " ms",
                    "a pause of the agent as short as that breaks the stream; it starts again, but"
                            + " reads from the slot's last confirmed position",
                    "ALTER SYSTEM SET wal_sender_timeout = '60s'; SELECT pg_reload_conf()");
        }
    }

    private static void plugin(Inquiry source, Findings findings) throws SQLException {
        String libraries = source.setting("output_plugin_libraries");
        if (!libraries.isEmpty()
                && java.util.Arrays.stream(libraries.split(",", -1))
                        .map(String::strip)
                        .noneMatch(name -> name.equals("pgoutput") || name.equals("*"))) {
            findings.blocker(
                    FindingCode.OUTPUT_PLUGIN,
                    "output_plugin_libraries = " + libraries,
                    "the source refuses pgoutput, with which its log is read",
                    "ALTER SYSTEM SET output_plugin_libraries = 'pgoutput, ...'; SELECT"
                            + " pg_reload_conf()");
        }
    }

    private static void transactions(Inquiry source, Findings findings) throws SQLException {
        for (Inquiry.Row row :
                source.rows(
                        "select pid, coalesce(usename, '?'), application_name,"
                                + " extract(epoch from now() - xact_start)::int8"
                                + " from pg_stat_activity"
                                + " where xact_start < now() - interval '1 minute'"
                                + " and backend_xid is not null and pid <> pg_backend_pid()"
                                + " order by xact_start limit 20")) {
            findings.warning(
                    FindingCode.LONG_TRANSACTION,
                    "pid " + row.text(1) + " of " + row.text(2) + " (" + row.text(3) + ")",
                    "its transaction has written and is open for "
                            + row.text(4)
                            + " s; the slot can be created only when it has ended",
                    "let it end, or SELECT pg_terminate_backend(" + row.text(1) + ")");
        }
        for (Inquiry.Row row :
                source.rows(
                        "select gid, owner, database, quote_literal(gid),"
                                + " extract(epoch from now() - prepared)::int8"
                                + " from pg_prepared_xacts order by prepared limit 20")) {
            findings.add(
                    row.number(5) < FORGOTTEN_SECONDS ? Severity.NOTE : Severity.BLOCKER,
                    FindingCode.PREPARED_TRANSACTION,
                    row.text(1) + " of " + row.text(2) + " in " + row.text(3),
                    "it is prepared for "
                            + row.text(5)
                            + " s and does not end by itself; the slot can be created only when it"
                            + " has",
                    "COMMIT PREPARED " + row.text(4) + "; or ROLLBACK PREPARED " + row.text(4));
        }
    }

    /** What the target lacks for changes to be read from it after the cutover. */
    static void wayBack(Inquiry target, Findings findings) throws SQLException {
        String user = Sql.quote(target.text("select current_user"));
        if (!target.flag(SourceRightsCheck.REPLICATES)) {
            findings.warning(
                    FindingCode.WAY_BACK,
                    "role " + user + " at the target",
                    "it may not read the target's log, which the way back (cutover.observe) does: a"
                            + " cutover would be refused",
                    "ALTER ROLE " + user + " REPLICATION");
        }
        String level = target.setting("wal_level");
        if (!level.equals("logical")) {
            findings.warning(
                    FindingCode.WAY_BACK,
                    "wal_level = " + level + " at the target",
                    "after cutover the source can't be kept current from the target: there is no"
                            + " way back without losing writes",
                    "ALTER SYSTEM SET wal_level = 'logical'; and restart the target before cutover");
        }
    }
}
