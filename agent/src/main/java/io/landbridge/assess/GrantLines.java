package io.landbridge.assess;

import io.landbridge.schema.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Puts one side's grants together, with what both sides have in common. Owned by one thread. */
final class GrantLines {

    /** Each wanted table that is there: its owner, whether that is a superuser, what binds it. */
    private static final String OWNERS =
            """
            select n.nspname, c.relname, pg_get_userbyid(c.relowner), r.rolsuper,
                   c.relrowsecurity, c.relforcerowsecurity
            from unnest(?::text[], ?::text[]) as w (s, t)
            join pg_namespace n on n.nspname = w.s
            join pg_class c on c.relnamespace = n.oid and c.relname = w.t
            join pg_roles r on r.oid = c.relowner
            order by 1, 2
            """;

    private static final int PARAMETERS_CAN_BE_GRANTED = 150_000;

    private final Inquiry server;
    private final String role;
    private final String quoted;
    private final List<String> lines = new ArrayList<>();

    GrantLines(Inquiry server, String role) {
        this.server = server;
        this.role = role;
        this.quoted = Sql.quote(role);
    }

    /** A wanted table that this side has. */
    record Owned(
            String schema,
            String name,
            String owner,
            boolean bySuperuser,
            boolean rowSecurity,
            boolean forced) {

        boolean isForced() {
            return rowSecurity && forced;
        }

        String quoted() {
            return Sql.quote(schema) + "." + Sql.quote(name);
        }
    }

    /** Those that {@code side} has of the tables that move. */
    static List<Owned> owned(Inquiry side, Subject subject) throws SQLException {
        List<Owned> all = new ArrayList<>();
        for (Inquiry.Row row : side.rows(OWNERS, subject.schemas(), subject.names())) {
            all.add(
                    new Owned(
                            row.text(1),
                            row.text(2),
                            row.text(3),
                            row.flag(4),
                            row.flag(5),
                            row.flag(6)));
        }
        return all;
    }

    /** A statement without its semicolon; the role's name goes where {@code @role} stands. */
    void add(String statement) {
        lines.add(statement.replace("@role", quoted));
    }

    void comment(String text) {
        lines.add("-- " + text.replace("@role", quoted));
    }

    /** For the role's being there at all. */
    void login(String database) throws SQLException {
        if (!server.flag("select exists (select from pg_roles where rolname = ?)", role)) {
            comment("CREATE ROLE @role LOGIN PASSWORD '...';");
        }
        add("GRANT CONNECT ON DATABASE " + Sql.quote(database) + " TO @role");
    }

    /** For reading the server's log; services that reserve the attribute have a role for it. */
    void replication() throws SQLException {
        boolean service =
                server.flag(
                        "select exists (select from pg_roles where rolname = 'rds_replication')");
        add(service ? "GRANT rds_replication TO @role" : "ALTER ROLE @role REPLICATION");
    }

    /** For writing rows without setting off triggers and foreign keys. */
    void silentWrites() throws SQLException {
        if (server.version() >= PARAMETERS_CAN_BE_GRANTED) {
            add("GRANT SET ON PARAMETER session_replication_role TO @role");
        } else {
            comment("before version 15 only a superuser may silence triggers, which the way back");
            comment("needs here: ALTER ROLE @role SUPERUSER, or leave cutover.observe at 0s");
        }
    }

    /**
     * For what only owners may do to {@code tables}. Membership in a superuser would give its
     * rights: such tables get an owner of their own first.
     *
     * @param why for people
     */
    void ownership(List<Owned> tables, String why) {
        Set<String> owners = new LinkedHashSet<>();
        Map<String, List<String>> ofSuperusers = new TreeMap<>();
        for (Owned table : tables) {
            if (table.owner().equals(role)) {
                continue;
            }
            if (table.bySuperuser()) {
                ofSuperusers
                        .computeIfAbsent(table.owner(), none -> new ArrayList<>())
                        .add(table.quoted());
            } else {
                owners.add(table.owner());
            }
        }
        if (!owners.isEmpty()) {
            comment(why);
            owners.forEach(owner -> add("GRANT " + Sql.quote(owner) + " TO @role"));
        }
        ofSuperusers.forEach((owner, names) -> handOver(owner, names, why));
    }

    private void handOver(String owner, List<String> tables, String why) {
        comment(why);
        comment(
                "These belong to "
                        + Sql.quote(owner)
                        + ", a superuser, whose member @role must not");
        comment(
                "become. Give them to the migration's role; the superuser may still do all with"
                        + " them.");
        tables.forEach(table -> add("ALTER TABLE " + table + " OWNER TO @role"));
    }

    List<String> lines() {
        return lines;
    }
}
