package io.landbridge.phase;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.schema.Counters;
import io.landbridge.schema.Table;
import io.landbridge.schema.digest.Freezer;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlCounters;
import io.landbridge.schema.mysql.MysqlSql;
import io.landbridge.schema.mysql.digest.SharedSessions;
import io.landbridge.source.MysqlLog;
import io.landbridge.source.MysqlRights;
import io.landbridge.source.MysqlTriggers;
import io.landbridge.target.Destination;
import io.landbridge.target.MysqlDestination;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A MySQL server that changes go back to. */
final class MysqlReceiver implements Receiver {

    private static final List<String> KEPT = List.of("progress", "table_state", "apply_note");

    private final MysqlDatabase database;
    private final MysqlLog log;
    private final Supplier<List<MappedTable>> tables;
    private final int workers;
    private List<MappedTable> known;

    /**
     * @param database over connections that write through the fence
     * @param tables as they are mapped now
     * @param workers of a comparison
     */
    MysqlReceiver(
            MysqlDatabase database, MysqlLog log, Supplier<List<MappedTable>> tables, int workers) {
        this.database = database;
        this.log = log;
        this.tables = tables;
        this.workers = workers;
    }

    /** Nobody alters tables of a server that is read-only: they are read once. */
    private synchronized List<MappedTable> mapped() {
        if (known == null) {
            known = tables.get();
        }
        return known;
    }

    @Override
    public Destination destination() {
        return new MysqlDestination(database, mapped());
    }

    @Override
    public Freezer freezer() {
        return () -> SharedSessions.open(database, mapped(), workers);
    }

    @Override
    public Counters counters() {
        return new MysqlCounters(database, mapped());
    }

    @Override
    public void checkWritable(Collection<Table> written) {
        MysqlRights rights = database.with("asking for our rights", MysqlRights::of);
        Map<TableId, List<String>> refused = new TreeMap<>();
        for (Table table : written) {
            List<String> missing = rights.missing(MysqlRights.TO_WRITE_BACK, table.id());
            if (!missing.isEmpty()) {
                refused.put(table.id(), missing);
            }
        }
        if (!refused.isEmpty()) {
            TableId first = refused.keySet().iterator().next();
            throw Fault.of(
                            FaultCode.SOURCE_RIGHTS,
                            "the user may not write rows back to the source's tables, which the way"
                                    + " back needs: "
                                    + refused)
                    .hint(
                            "GRANT "
                                    + String.join(", ", MysqlRights.TO_WRITE_BACK)
                                    + " ON "
                                    + MysqlSql.quote(first.schema())
                                    + ".* TO "
                                    + rights.account());
        }
        List<TableId> ids = written.stream().map(Table::id).toList();
        List<String> firing =
                database.with(
                        "looking for triggers",
                        connection -> MysqlTriggers.foreign(connection, ids, log.name()));
        if (!firing.isEmpty()) {
            throw Fault.of(
                            FaultCode.CUTOVER_REFUSED,
                            "triggers at the source would act on the rows that are written back,"
                                    + " again: "
                                    + String.join(", ", firing))
                    .hint(
                            "MySQL can't silence them: drop them before the cutover, or give up the"
                                    + " way back with cutover.observe: 0s");
        }
    }

    @Override
    public void removeTables(String migration) {
        database.answeringWithin(Site.SILENCE)
                .with(
                        "removing the way back's progress",
                        connection -> {
                            for (String table : KEPT) {
                                removeTable(connection, table, migration);
                            }
                            return null;
                        });
    }

    /** Forgets our rows; a table that nobody else has rows in goes. */
    private static void removeTable(Connection connection, String table, String migration)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!isThere(
                    statement,
                    "SELECT 1 FROM information_schema.tables WHERE table_schema = 'landbridge' AND"
                            + " table_name = '"
                            + table
                            + "'")) {
                return;
            }
            String name = "landbridge." + table;
            statement.execute(
                    "DELETE FROM " + name + " WHERE migration = " + MysqlSql.literal(migration));
            if (!isThere(statement, "SELECT 1 FROM " + name + " LIMIT 1")) {
                statement.execute("DROP TABLE " + name);
            }
        }
    }

    private static boolean isThere(Statement statement, String query) throws SQLException {
        try (var row = statement.executeQuery(query)) {
            return row.next();
        }
    }
}
