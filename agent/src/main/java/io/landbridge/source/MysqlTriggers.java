package io.landbridge.source;

import io.landbridge.change.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Triggers of MySQL, which fire for every row whoever writes it. */
public final class MysqlTriggers {

    private static final String ALL =
            """
            SELECT event_object_schema, event_object_table, trigger_name, action_timing,
                   event_manipulation
              FROM information_schema.triggers ORDER BY 1, 2, 3""";

    private MysqlTriggers() {}

    /**
     * Those on {@code tables} that are not our fence's, for people. MySQL shows only those of
     * tables that the user has the TRIGGER right for.
     *
     * @param ours the log's name, which our fence's begin with
     */
    public static List<String> foreign(
            Connection connection, Collection<TableId> tables, String ours) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ALL)) {
            while (row.next()) {
                TableId table = new TableId(row.getString(1), row.getString(2));
                String name = row.getString(3);
                if (tables.contains(table) && !name.startsWith(ours + "_")) {
                    found.add(
                            name
                                    + " ("
                                    + row.getString(4).toLowerCase(java.util.Locale.ROOT)
                                    + " "
                                    + row.getString(5).toLowerCase(java.util.Locale.ROOT)
                                    + " on "
                                    + table
                                    + ")");
                }
            }
        }
        return found;
    }
}
