package io.landbridge.schema.mysql.digest;

import io.landbridge.schema.mysql.Form;
import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlSql;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds MySQL's rows by the canonical texts of their keys, over the key's index. A text finds
 * exactly the row that is spelled so, whatever MySQL's collation takes for the same.
 */
final class KeySql {

    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");
    private static final Pattern BITS = Pattern.compile("[01]+");
    private static final Pattern BYTES = Pattern.compile("\\\\x([0-9a-f]{2})*");

    private KeySql() {}

    /** A condition on {@code t} that the rows with one of these keys meet; at least one key. */
    static String condition(MappedTable table, List<String> key, Collection<List<String>> keys) {
        List<MappedColumn> columns = key.stream().map(table::column).toList();
        return keys.stream()
                .map(one -> condition(columns, one))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    private static String condition(List<MappedColumn> columns, List<String> key) {
        List<String> terms = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            terms.add(equal(columns.get(i), key.get(i)));
        }
        return "(" + String.join(" AND ", terms) + ")";
    }

    private static String equal(MappedColumn column, String text) {
        String name = "t." + MysqlSql.quote(column.source().name());
        return switch (column.form()) {
            case INTEGER, NUMERIC, DOUBLE -> name + " = " + checked(NUMBER, text);
            case BOOLEAN -> name + " = " + (text.equals("t") ? "1" : "0");
            case BITS -> name + " = b'" + checked(BITS, text) + "'";
            case BYTES -> name + " = x'" + checked(BYTES, text).substring(2) + "'";
            case DATE, DATETIME, TIME -> name + " = " + MysqlSql.literal(text);
            case INSTANT -> name + " = " + MysqlSql.literal(text.replaceFirst("\\+00$", ""));
            case UUID ->
                    column.source().isBinary()
                            ? name + " = x'" + text.replaceAll("[^0-9a-f]", "") + "'"
                            : column.source().dataType().equals("uuid")
                                    ? name + " = " + MysqlSql.literal(text)
                                    : spelled(column, text);
            case TEXT, LABEL ->
                    name + " = " + MysqlSql.literal(text) + " AND " + spelled(column, text);
            case LABELS, JSON -> spelled(column, text);
        };
    }

    private static String spelled(MappedColumn column, String text) {
        return "CAST("
                + column.sourceSql("t")
                + " AS BINARY) = CAST("
                + MysqlSql.literal(text)
                + " AS BINARY)";
    }

    /** The texts come from values, never from people: others are a fault of ours. */
    private static String checked(Pattern pattern, String text) {
        if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException("no text of such a key: '" + text + "'");
        }
        return text;
    }

    /** Whether the first column of the key is ordered at both sides alike, so as to cut ranges. */
    static boolean isOrderedAlike(MappedColumn column) {
        return switch (column.form()) {
            case INTEGER, NUMERIC -> !column.source().dataType().equals("bit");
            case DATE, DATETIME, INSTANT -> true;
            case UUID -> column.source().isBinary();
            default -> false;
        };
    }

    /**
     * A condition {@code AND t.k OPERATOR value} for a bound that is the first key column's text.
     */
    static String bound(MappedColumn column, String operator, String text) {
        String name = "t." + MysqlSql.quote(column.source().name());
        String literal =
                switch (column.form()) {
                    case INTEGER, NUMERIC -> checked(NUMBER, text);
                    case INSTANT -> MysqlSql.literal(text.replaceFirst("\\+00$", ""));
                    case UUID -> "x'" + text.replaceAll("[^0-9a-f]", "") + "'";
                    default -> MysqlSql.literal(text);
                };
        return " AND " + name + " " + operator + " " + literal;
    }

    /** Whether keys of this form can be bounds; {@link Form#UUID} by its bytes. */
    static boolean canBound(MappedTable table, List<String> key) {
        return !key.isEmpty() && isOrderedAlike(table.column(key.get(0)));
    }
}
