package io.landbridge.assess;

import io.landbridge.schema.mysql.MysqlTable;
import io.landbridge.source.MysqlTriggers;
import io.landbridge.source.SourceLog;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** What lives in the databases beside tables: listed, not migrated. */
final class MysqlObjectCheck implements MysqlCheck {

    private record Kind(String name, String query, String whatToDo) {}

    private static final List<Kind> KINDS =
            List.of(
                    new Kind(
                            "views",
                            "SELECT table_name FROM information_schema.views WHERE table_schema ="
                                    + " ? ORDER BY 1",
                            "write them for PostgreSQL and create them after the switch"),
                    new Kind(
                            "triggers",
                            "SELECT CONCAT(trigger_name, ' (', LOWER(action_timing), ' ',"
                                    + " LOWER(event_manipulation), ' on ', event_object_table, ')')"
                                    + " FROM information_schema.triggers WHERE trigger_schema = ?"
                                    + " ORDER BY 1",
                            "what they write is followed; write them for PostgreSQL and create them"
                                    + " when nothing more is applied"),
                    new Kind(
                            "routines",
                            "SELECT CONCAT(LOWER(routine_type), ' ', routine_name) FROM"
                                    + " information_schema.routines WHERE routine_schema = ? ORDER"
                                    + " BY 1",
                            "write them for PostgreSQL"),
                    new Kind(
                            "events",
                            "SELECT CONCAT(event_name, ' (', status, ')') FROM"
                                    + " information_schema.events WHERE event_schema = ? ORDER BY"
                                    + " 1",
                            "give them to pg_cron or to the application's scheduler, and disable"
                                    + " them here at the switch"));

    @Override
    public void run(MysqlSubject subject, Findings findings) throws SQLException {
        List<String> databases =
                Stream.concat(
                                Stream.of(subject.configuration().source().database()),
                                subject.tables().stream().map(table -> table.id().schema()))
                        .distinct()
                        .toList();
        for (String database : databases) {
            for (Kind kind : KINDS) {
                List<String> found = subject.source().texts(kind.query(), database);
                if (!found.isEmpty()) {
                    findings.note(
                            FindingCode.MYSQL_OBJECT,
                            database + ": " + found.size() + " " + kind.name(),
                            "these do not move: " + Findings.list(found),
                            kind.whatToDo());
                }
            }
        }
        if (subject.configuration().cutover().keepsWayBack()) {
            wayBack(subject, findings);
        }
    }

    /** Nothing silences a trigger of MySQL. */
    private static void wayBack(MysqlSubject subject, Findings findings) throws SQLException {
        List<String> firing =
                MysqlTriggers.foreign(
                        subject.source().connection(),
                        subject.tables().stream().map(MysqlTable::id).toList(),
                        SourceLog.PREFIX + "_" + subject.configuration().migration().name());
        if (!firing.isEmpty()) {
            findings.warning(
                    FindingCode.WAY_BACK,
                    firing.size() + " triggers",
                    "they would act on rows that are written back, again (cutover.observe): a"
                            + " cutover would be refused: "
                            + Findings.list(firing),
                    "drop them before the cutover, or set cutover.observe: 0s");
        }
    }
}
