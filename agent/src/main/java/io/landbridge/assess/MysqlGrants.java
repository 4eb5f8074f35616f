package io.landbridge.assess;

import io.landbridge.config.Configuration;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.schema.Sql;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlSchema;
import io.landbridge.source.MysqlRights;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The least that the roles need for a MySQL source, as {@link MysqlRightsCheck} asks for it. MySQL
 * shows a user only tables that it has some right to: it must be asked by one who may read them.
 */
public final class MysqlGrants {

    private final MysqlDatabase source;
    private final Database target;
    private final Configuration configuration;

    public MysqlGrants(MysqlDatabase source, Database target, Configuration configuration) {
        this.source = source;
        this.target = target;
        this.configuration = configuration;
    }

    /**
     * Spells them out.
     *
     * @param sourceUser as MySQL has it, {@code name} or {@code name@host}
     * @param targetRole who will write the rows
     * @throws Fault when a side can't be reached, or a table pattern isn't one
     */
    public GrantScript forRoles(String sourceUser, String targetRole) {
        List<MappedTable> tables =
                MysqlSchema.map(source, target, configuration.schema(), configuration.tables());
        return new GrantScript(source(tables, account(sourceUser)), target(tables, targetRole));
    }

    private List<String> source(List<MappedTable> tables, String user) {
        Set<String> databases = new TreeSet<>(Set.of(source.config().database()));
        Set<String> withoutKey = new TreeSet<>();
        for (MappedTable table : tables) {
            databases.add(table.sourceId().schema());
            if (table.source().key().isEmpty()) {
                withoutKey.add(table.sourceId().schema());
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add("-- CREATE USER " + user + " IDENTIFIED BY '...';");
        databases.forEach(name -> lines.add("GRANT SELECT ON " + database(name) + ".* TO " + user));
        lines.add("-- To follow the binary log:");
        lines.add(
                "GRANT "
                        + String.join(", ", source.dialect().rightsToFollow())
                        + " ON *.* TO "
                        + user);
        if (!withoutKey.isEmpty()) {
            lines.add("-- Tables without a key are read under a short lock:");
            withoutKey.forEach(
                    name -> lines.add("GRANT LOCK TABLES ON " + database(name) + ".* TO " + user));
        }
        lines.add("-- For signals in the log and for the fence's state, in a database of our own:");
        lines.add("GRANT ALL ON landbridge.* TO " + user);
        fence(lines, databases, user);
        if (configuration.cutover().keepsWayBack()) {
            lines.add(
                    "-- For the way back after the cutover (cutover.observe): to write rows while");
            lines.add("-- the server is read-only for all others, and to be shown triggers:");
            lines.add("GRANT " + MysqlRightsCheck.TO_PASS + " ON *.* TO " + user);
            String rights = String.join(", ", MysqlRights.TO_WRITE_BACK);
            databases.forEach(
                    name ->
                            lines.add(
                                    "GRANT " + rights + " ON " + database(name) + ".* TO " + user));
        }
        return lines;
    }

    private void fence(List<String> lines, Set<String> databases, String user) {
        if (source.dialect().shutsForAll()) {
            lines.add("-- To set the server read-only at the cutover:");
            lines.add(
                    "GRANT " + String.join(", ", MysqlRightsCheck.TO_FENCE) + " ON *.* TO " + user);
            return;
        }
        lines.add(
                "-- To see who writes, and to make the tables read-only at the cutover, by triggers;");
        lines.add("-- a server with a binary log lets only SUPER make them unless it trusts:");
        databases.forEach(
                name ->
                        lines.add(
                                "GRANT "
                                        + MysqlRightsCheck.TO_FENCE_TABLES
                                        + " ON "
                                        + database(name)
                                        + ".* TO "
                                        + user));
        lines.add("GRANT PROCESS ON *.* TO " + user);
        lines.add("SET GLOBAL " + MysqlRightsCheck.TRUST + " = ON");
    }

    private List<String> target(List<MappedTable> tables, String role) {
        try (Inquiry asked = new Inquiry(target)) {
            GrantLines lines = new GrantLines(asked, role);
            String database = target.config().database();
            lines.login(database);
            lines.add("GRANT CREATE ON DATABASE " + Sql.quote(database) + " TO @role");
            List<String> schemas = tables.stream().map(it -> it.targetId().schema()).toList();
            for (String schema : asked.texts(TargetGrants.SCHEMAS, schemas)) {
                lines.add("GRANT USAGE, CREATE ON SCHEMA " + Sql.quote(schema) + " TO @role");
            }
            lines.comment("To write rows without setting off triggers and foreign keys:");
            lines.silentWrites();
            if (configuration.cutover().keepsWayBack()) {
                lines.comment("For the way back after the cutover (cutover.observe):");
                lines.replication();
            }
            return lines.lines();
        } catch (SQLException e) {
            throw target.fault("reading what is there", e);
        }
    }

    private static String account(String user) {
        int at = user.lastIndexOf('@');
        return at < 0
                ? "'" + user + "'@'%'"
                : "'" + user.substring(0, at) + "'@'" + user.substring(at + 1) + "'";
    }

    private static String database(String name) {
        return '`' + name.replace("`", "``") + '`';
    }
}
