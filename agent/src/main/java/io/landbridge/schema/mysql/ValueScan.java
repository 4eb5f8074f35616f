package io.landbridge.schema.mysql;

import io.landbridge.jdbc.MysqlDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at all values of those columns whose type depends on them: one pass over each such table,
 * broken off after {@link #SECONDS}; then the wider type is taken.
 */
final class ValueScan {

    private static final Logger LOG = LoggerFactory.getLogger(ValueScan.class);

    private static final int SECONDS = 60;

    private static final int QUERY_INTERRUPTED = 1317;
    private static final int QUERY_TIMEOUT = 3024;

    private final MysqlDatabase source;

    ValueScan(MysqlDatabase source) {
        this.source = source;
    }

    /** What is known of the table's columns, by name; others are {@link ValueFacts#UNKNOWN}. */
    Map<String, ValueFacts> facts(MysqlTable table) {
        List<MysqlColumn> asked =
                table.columns().stream().filter(ValueScan::dependsOnValues).toList();
        return asked.isEmpty()
                ? Map.of()
                : source.with(
                        "looking at the values of " + table.id(),
                        connection -> facts(connection, table, asked));
    }

    private static boolean dependsOnValues(MysqlColumn column) {
        return column.columnType().equals("tinyint(1)") || column.dataType().equals("time");
    }

    private static Map<String, ValueFacts> facts(
            Connection connection, MysqlTable table, List<MysqlColumn> asked) throws SQLException {
        String query =
                "SELECT "
                        + asked.stream().map(ValueScan::outside).collect(Collectors.joining(", "))
                        + " FROM "
                        + MysqlSql.quote(table.id());
        Map<String, ValueFacts> facts = new HashMap<>();
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(SECONDS);
            try (ResultSet row = statement.executeQuery(query)) {
                row.next();
                List<Boolean> fits = new ArrayList<>();
                for (int i = 1; i <= asked.size(); i++) {
                    fits.add(row.getInt(i) == 0);
                }
                for (int i = 0; i < asked.size(); i++) {
                    boolean time = asked.get(i).dataType().equals("time");
                    facts.put(
                            asked.get(i).name(),
                            new ValueFacts(!time && fits.get(i), time && fits.get(i)));
                }
            }
        } catch (SQLException e) {
            if (e.getErrorCode() != QUERY_INTERRUPTED
                    && e.getErrorCode() != QUERY_TIMEOUT
                    && !(e instanceof java.sql.SQLTimeoutException)) {
                throw e;
            }
            LOG.warn("{}: too large to look at all values; wider types are taken", table.id());
        }
        return facts;
    }

    /** 1 when a value is outside the narrower type; NULL for an empty table. */
    private static String outside(MysqlColumn column) {
        String name = MysqlSql.quote(column.name());
        return column.dataType().equals("time")
                ? "MAX(%1$s < '00:00:00' OR %1$s >= '24:00:00')".formatted(name)
                : "MAX(" + name + " NOT IN (0, 1))";
    }
}
