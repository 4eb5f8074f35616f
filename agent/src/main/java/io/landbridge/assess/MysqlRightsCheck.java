package io.landbridge.assess;

import io.landbridge.source.MysqlRights;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the source's user may do; roles that are granted count when they are active. */
final class MysqlRightsCheck implements MysqlCheck {

    static final List<String> TO_FENCE = List.of("SYSTEM_VARIABLES_ADMIN", "RELOAD", "PROCESS");

    /** For the fence of a server that can't be shut for all. */
    static final String TO_FENCE_TABLES = "TRIGGER";

    /** The setting by which a server with a binary log lets all who may make triggers make them. */
    static final String TRUST = "log_bin_trust_function_creators";

    /** To write where {@code read_only} keeps all others out. */
    static final String TO_PASS = "CONNECTION_ADMIN";

    @Override
    public void run(MysqlSubject subject, Findings findings) throws SQLException {
        MysqlRights rights = MysqlRights.of(subject.source().connection());
        String user = rights.account();
        List<String> missing =
                subject.source().dialect().rightsToFollow().stream()
                        .filter(right -> !rights.everywhere(right))
                        .toList();
        if (!missing.isEmpty()) {
            findings.blocker(
                    FindingCode.MYSQL_RIGHTS,
                    user,
                    "it may not follow the binary log: "
                            + String.join(", ", missing)
                            + " is missing",
                    grant(missing, user));
        }
        if (!rights.somewhere("LOCK TABLES")) {
            boolean keyless = subject.tables().stream().anyMatch(table -> table.key().isEmpty());
            findings.add(
                    keyless ? Severity.BLOCKER : Severity.WARNING,
                    FindingCode.MYSQL_RIGHTS,
                    user,
                    "a validation, and the copy of tables without a key, begins under a short lock,"
                            + " for which LOCK TABLES is missing",
                    grant(List.of("LOCK TABLES"), user));
        }
        if (subject.source().dialect().shutsForAll()) {
            fence(rights, findings);
        } else {
            tableFence(rights, subject, findings);
        }
        if (subject.configuration().cutover().keepsWayBack()) {
            wayBack(rights, subject, findings);
        }
    }

    /** PROCESS shows whom the fence should wait for; without it they are refused. */
    private static void fence(MysqlRights rights, Findings findings) {
        List<String> missing =
                Stream.of(
                                rights.maySetVariables() ? "" : "SYSTEM_VARIABLES_ADMIN",
                                rights.mayFlushTables() ? "" : "RELOAD",
                                rights.everywhere("PROCESS") ? "" : "PROCESS")
                        .filter(right -> !right.isEmpty())
                        .toList();
        if (!missing.isEmpty()) {
            findings.warning(
                    FindingCode.MYSQL_RIGHTS,
                    rights.account(),
                    "it may not set the server read-only and see who writes, which a cutover does",
                    grant(missing, rights.account()));
        }
    }

    /** Where the server can't be shut for all, each table gets triggers. */
    private static void tableFence(MysqlRights rights, MysqlSubject subject, Findings findings)
            throws SQLException {
        Set<String> missing = new TreeSet<>();
        subject.tables()
                .forEach(
                        table ->
                                missing.addAll(
                                        rights.missing(List.of(TO_FENCE_TABLES), table.id())));
        if (!missing.isEmpty()) {
            findings.warning(
                    FindingCode.MYSQL_RIGHTS,
                    rights.account(),
                    "it may not put triggers on all tables, by which a cutover makes them"
                            + " read-only",
                    grant(List.copyOf(missing), rights.account()).replace("*.*", "DATABASE.*"));
        }
        if (!rights.everywhere("SUPER")
                && !subject.source().setting(TRUST).equalsIgnoreCase("ON")) {
            findings.warning(
                    FindingCode.MYSQL_RIGHTS,
                    TRUST,
                    "it is OFF, so that a server with a binary log lets only SUPER make the"
                            + " triggers of the fence: a cutover would be refused",
                    subject.source().dialect().persist(TRUST, "ON"));
        }
        if (!rights.everywhere("PROCESS")) {
            findings.warning(
                    FindingCode.MYSQL_RIGHTS,
                    rights.account(),
                    "it may not see who writes, which a cutover tells",
                    grant(List.of("PROCESS"), rights.account()));
        }
    }

    /** What the cutover would be refused for. */
    private static void wayBack(MysqlRights rights, MysqlSubject subject, Findings findings) {
        if (rights.mayShutServer() && !rights.mayPassReadOnly()) {
            findings.warning(
                    FindingCode.MYSQL_RIGHTS,
                    rights.account(),
                    "it may not write to the server while that is read_only for all others, which"
                            + " the way back (cutover.observe) does: a cutover would be refused",
                    grant(List.of(TO_PASS), rights.account()));
        }
        Set<String> missing = new TreeSet<>();
        subject.tables()
                .forEach(
                        table ->
                                missing.addAll(
                                        rights.missing(MysqlRights.TO_WRITE_BACK, table.id())));
        if (!missing.isEmpty()) {
            findings.warning(
                    FindingCode.MYSQL_RIGHTS,
                    rights.account(),
                    "it may not write rows back to all tables (cutover.observe): a cutover would be"
                            + " refused",
                    grant(List.copyOf(missing), rights.account()).replace("*.*", "DATABASE.*"));
        }
    }

    private static String grant(List<String> rights, String user) {
        return "GRANT " + String.join(", ", rights) + " ON *.* TO " + user;
    }
}
