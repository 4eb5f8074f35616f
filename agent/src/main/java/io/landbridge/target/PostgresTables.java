package io.landbridge.target;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.schema.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Questions about many tables of the target in few queries. */
public final class PostgresTables {

    private static final int TABLES_PER_QUERY = 200;
    private static final int NAMED = 5;

    private PostgresTables() {}

    /**
     * Makes sure that {@code tables} hold no row.
     *
     * @throws Fault TARGET_NOT_EMPTY, naming some that do
     */
    public static void refuseRows(Connection connection, List<TableId> tables) throws SQLException {
        List<TableId> filled = new ArrayList<>();
        for (int from = 0; from < tables.size(); from += TABLES_PER_QUERY) {
            filled.addAll(
                    filled(
                            connection,
                            tables.subList(
                                    from, Math.min(tables.size(), from + TABLES_PER_QUERY))));
        }
        if (!filled.isEmpty()) {
            throw Fault.of(
                            FaultCode.TARGET_NOT_EMPTY,
                            filled.size()
                                    + " tables of the target hold rows already, such as "
                                    + filled.subList(0, Math.min(NAMED, filled.size())))
                    .in(filled.get(0))
                    .hint("empty them with TRUNCATE, or exclude them under 'tables'");
        }
    }

    private static List<TableId> filled(Connection connection, List<TableId> tables)
            throws SQLException {
        List<String> questions = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            questions.add(
                    "SELECT " + i + " WHERE EXISTS (SELECT FROM " + Sql.quote(tables.get(i)) + ")");
        }
        List<TableId> filled = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(String.join(" UNION ALL ", questions))) {
            while (rows.next()) {
                filled.add(tables.get(rows.getInt(1)));
            }
        }
        return filled;
    }
}
