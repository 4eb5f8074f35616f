package io.landbridge.source;

import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlColumn;
import io.landbridge.schema.mysql.MysqlSql;
import java.util.ArrayList;
import java.util.List;

/**
 * Key ranges in MySQL's words. A bound may speak of the first columns of a key only: of those whose
 * order in an index is that of their literals.
 */
final class MysqlRanges {

    private MysqlRanges() {}

    /** The first columns of the table's key that ranges can be cut by; none: it can't be cut. */
    static List<MysqlColumn> columns(MappedTable table) {
        List<MysqlColumn> columns = new ArrayList<>();
        for (String name : table.source().key()) {
            MysqlColumn column = table.source().column(name);
            if (!isOrderedAsWritten(column)) {
                break;
            }
            columns.add(column);
        }
        return columns;
    }

    /** An ENUM is ordered by number and compared by label; a float has no exact literal. */
    private static boolean isOrderedAsWritten(MysqlColumn column) {
        return switch (column.dataType()) {
            case "enum", "set", "float", "double", "bit", "time" -> false;
            default -> true;
        };
    }

    /** A WHERE clause, or nothing for all keys. */
    static String where(MappedTable table, KeyRange range) {
        List<String> terms = new ArrayList<>();
        range.lower().ifPresent(bound -> terms.add(beyond(table, bound, ">", false)));
        range.upper().ifPresent(bound -> terms.add(beyond(table, bound, "<", true)));
        return terms.isEmpty() ? "" : " WHERE " + String.join(" AND ", terms);
    }

    /**
     * Keys on one side of a bound. Not MySQL's row comparison, for which it reads the whole index:
     * {@code a >= 1 AND (a > 1 OR (a = 1 AND b > 2))}.
     */
    private static String beyond(
            MappedTable table, List<String> bound, String operator, boolean inclusive) {
        List<MysqlColumn> columns = columns(table);
        String term = "";
        for (int i = bound.size() - 1; i >= 0; i--) {
            String name = MysqlSql.quote(columns.get(i).name());
            String value = literal(columns.get(i), bound.get(i));
            boolean last = i == bound.size() - 1;
            term =
                    last
                            ? name + " " + operator + (inclusive ? "= " : " ") + value
                            : "(%1$s %2$s= %3$s AND (%1$s %2$s %3$s OR (%1$s = %3$s AND %4$s)))"
                                    .formatted(name, operator, value, term);
        }
        return term;
    }

    /** A key's value as {@link #text} gave it. */
    static String literal(MysqlColumn column, String value) {
        if (column.isInteger() || column.dataType().equals("decimal")) {
            return value;
        }
        if (column.dataType().equals("year")) {
            return value;
        }
        return column.isBinary() ? "x'" + value + "'" : MysqlSql.literal(value);
    }

    /** An expression for a key column's value that {@link #literal} reads back. */
    static String text(MysqlColumn column) {
        String name = MysqlSql.quote(column.name());
        return column.isBinary()
                ? "HEX(" + name + ")"
                : "CAST(" + name + " AS CHAR CHARACTER SET utf8mb4)";
    }
}
