package io.landbridge.assess;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the source's user may do; roles that are granted count when they are active. */
final class MysqlRightsCheck implements MysqlCheck {

    static final List<String> TO_FOLLOW = List.of("REPLICATION SLAVE", "REPLICATION CLIENT");

    static final List<String> TO_FENCE = List.of("SYSTEM_VARIABLES_ADMIN", "RELOAD", "PROCESS");

    @Override
    public void run(MysqlSubject subject, Findings findings) throws SQLException {
        List<String> grants =
                subject.source().texts("SHOW GRANTS").stream()
                        .map(grant -> grant.toUpperCase(Locale.ROOT))
                        .toList();
        String user = subject.source().texts("SELECT current_user()").get(0);
        List<String> missing = new ArrayList<>();
        for (String right : TO_FOLLOW) {
            if (!hasGlobally(grants, right)) {
                missing.add(right);
            }
        }
        if (!missing.isEmpty()) {
            findings.blocker(
                    FindingCode.MYSQL_RIGHTS,
                    user,
                    "it may not follow the binary log: "
                            + String.join(", ", missing)
                            + " is missing",
                    "GRANT " + String.join(", ", missing) + " ON *.* TO " + quoted(user));
        }
        if (grants.stream().noneMatch(grant -> grants(grant, "LOCK TABLES"))) {
            boolean keyless = subject.tables().stream().anyMatch(table -> table.key().isEmpty());
            findings.add(
                    keyless ? Severity.BLOCKER : Severity.WARNING,
                    FindingCode.MYSQL_RIGHTS,
                    user,
                    "a validation, and the copy of tables without a key, begins under a short lock,"
                            + " for which LOCK TABLES is missing",
                    "GRANT LOCK TABLES ON *.* TO " + quoted(user));
        }
        fence(grants, user, findings);
    }

    /** PROCESS shows whom the fence should wait for; without it they are refused. */
    private static void fence(List<String> grants, String user, Findings findings) {
        List<String> missing = new ArrayList<>();
        if (!hasGlobally(grants, "SYSTEM_VARIABLES_ADMIN") && !hasGlobally(grants, "SUPER")) {
            missing.add("SYSTEM_VARIABLES_ADMIN");
        }
        if (!hasGlobally(grants, "FLUSH_TABLES") && !hasGlobally(grants, "RELOAD")) {
            missing.add("RELOAD");
        }
        if (!hasGlobally(grants, "PROCESS")) {
            missing.add("PROCESS");
        }
        if (!missing.isEmpty()) {
            findings.warning(
                    FindingCode.MYSQL_RIGHTS,
                    user,
                    "it may not set the server read-only and see who writes, which a cutover does",
                    "GRANT " + String.join(", ", missing) + " ON *.* TO " + quoted(user));
        }
    }

    private static boolean hasGlobally(List<String> grants, String right) {
        return grants.stream()
                .filter(grant -> grant.contains(" ON *.* TO "))
                .anyMatch(grant -> grants(grant, right));
    }

    private static boolean grants(String grant, String right) {
        int on = grant.indexOf(" ON ");
        String rights = on < 0 ? "" : grant.substring("GRANT ".length(), on);
        return rights.equals("ALL PRIVILEGES") || List.of(rights.split(", ?")).contains(right);
    }

    private static String quoted(String user) {
        int at = user.lastIndexOf('@');
        return "'" + user.substring(0, at) + "'@'" + user.substring(at + 1) + "'";
    }
}
