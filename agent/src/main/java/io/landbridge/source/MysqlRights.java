package io.landbridge.source;

import io.landbridge.change.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a MySQL user may do, by the server's own word; roles that are granted count when they are
 * active. Rights to single columns don't count.
 */
public final class MysqlRights {

    /**
     * For each table: to write rows, to let AUTO_INCREMENT go on where the target's stands, and to
     * be shown triggers, which would fire.
     */
    public static final List<String> TO_WRITE_BACK =
            List.of("INSERT", "UPDATE", "DELETE", "DROP", "CREATE", "ALTER", "TRIGGER");

    /** Enough to write into a server that is read_only; the second one is going out of use. */
    private static final List<String> PAST_READ_ONLY = List.of("CONNECTION_ADMIN", "SUPER");

    private static final List<String> TO_SET_VARIABLES = List.of("SYSTEM_VARIABLES_ADMIN", "SUPER");
    private static final List<String> TO_FLUSH_TABLES = List.of("FLUSH_TABLES", "RELOAD");

    private static final Pattern GRANT =
            Pattern.compile("GRANT (.+) ON (`(?:[^`]|``)*`|\\*)\\.(`(?:[^`]|``)*`|\\*) TO .*");

    /**
     * Rights to something.
     *
     * @param database a pattern as LIKE has it; empty: all
     * @param table empty: all of the database
     */
    private record Grant(List<String> rights, Optional<String> database, Optional<String> table) {

        boolean gives(String right) {
            return rights.contains("ALL PRIVILEGES") || rights.contains(right);
        }

        boolean isFor(TableId wanted) {
            return database.map(pattern -> fits(pattern, wanted.schema())).orElse(true)
                    && table.map(wanted.name()::equals).orElse(true);
        }

        /** The database of a grant for one table is no pattern. */
        private boolean fits(String pattern, String name) {
            return pattern.equals(name) || (table.isEmpty() && name.matches(expression(pattern)));
        }

        private static String expression(String like) {
            StringBuilder expression = new StringBuilder();
            for (int i = 0; i < like.length(); i++) {
                char c = like.charAt(i);
                if (c == '\\' && i + 1 < like.length()) {
                    expression.append(Pattern.quote(like.substring(++i, i + 1)));
                } else if (c == '%') {
                    expression.append(".*");
                } else {
                    expression.append(c == '_' ? "." : Pattern.quote(String.valueOf(c)));
                }
            }
            return expression.toString();
        }
    }

    private final String account;
    private final List<Grant> grants;

    private MysqlRights(String account, List<Grant> grants) {
        this.account = account;
        this.grants = List.copyOf(grants);
    }

    /** Whose they are, as GRANT takes it: {@code 'name'@'host'}. */
    public String account() {
        return account;
    }

    /** Those of the user behind {@code connection}. */
    public static MysqlRights of(Connection connection) throws SQLException {
        List<String> lines = texts(connection, "SHOW GRANTS");
        return of(texts(connection, "SELECT current_user()").get(0), lines);
    }

    /**
     * Reads them.
     *
     * @param user {@code name@host}
     * @param lines of SHOW GRANTS
     */
    static MysqlRights of(String user, Collection<String> lines) {
        List<Grant> grants = new ArrayList<>();
        for (String line : lines) {
            Matcher grant = GRANT.matcher(line);
            if (grant.matches()) {
                grants.add(
                        new Grant(
                                List.of(grant.group(1).toUpperCase(Locale.ROOT).split(", ?")),
                                name(grant.group(2)),
                                name(grant.group(3))));
            }
        }
        int at = user.lastIndexOf('@');
        return new MysqlRights(
                "'" + user.substring(0, at) + "'@'" + user.substring(at + 1) + "'", grants);
    }

    private static Optional<String> name(String quoted) {
        return quoted.equals("*")
                ? Optional.empty()
                : Optional.of(quoted.substring(1, quoted.length() - 1).replace("``", "`"));
    }

    /** Whether {@code right} is had for the whole server. */
    public boolean everywhere(String right) {
        return grants.stream().anyMatch(grant -> grant.database().isEmpty() && grant.gives(right));
    }

    /** Whether {@code right} is had for some table, or more. */
    public boolean somewhere(String right) {
        return grants.stream().anyMatch(grant -> grant.gives(right));
    }

    /** Which of {@code rights} are not had for {@code table}. */
    public List<String> missing(List<String> rights, TableId table) {
        return rights.stream()
                .filter(
                        right ->
                                grants.stream()
                                        .noneMatch(
                                                grant -> grant.isFor(table) && grant.gives(right)))
                .toList();
    }

    /** Whether the server may be made read-only, and be sent markers that need no row. */
    public boolean mayShutServer() {
        return maySetVariables() && mayFlushTables();
    }

    public boolean maySetVariables() {
        return anyEverywhere(TO_SET_VARIABLES);
    }

    public boolean mayFlushTables() {
        return anyEverywhere(TO_FLUSH_TABLES);
    }

    /** Whether a server that is {@code read_only} takes writes of this user. */
    public boolean mayPassReadOnly() {
        return anyEverywhere(PAST_READ_ONLY);
    }

    /** Whether the other accounts' rights are shown to this one. */
    public boolean maySeeAccounts() {
        return missing(List.of("SELECT"), new TableId("mysql", "user")).isEmpty();
    }

    private boolean anyEverywhere(List<String> rights) {
        return rights.stream().anyMatch(this::everywhere);
    }

    private static List<String> texts(Connection connection, String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        return texts;
    }
}
