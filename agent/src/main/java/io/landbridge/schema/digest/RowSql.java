package io.landbridge.schema.digest;

import io.landbridge.schema.Sql;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The expressions that rows are compared by.
 *
 * <p>A row's text is what PostgreSQL prints of {@code ROW(a, b, ...)}: unambiguous, NULL differs
 * from the empty string, and made by each type's output function, so that a char(n)'s padding, a
 * numeric's scale and a float's negative zero are seen. Under {@link io.landbridge.jdbc.Database}'s
 * session settings no type of versions 12 to 18 prints differently by version, locale or time zone.
 * MD5 depends on nothing but bytes; {@code hashtext} is not promised to stay.
 */
final class RowSql {

    private final boolean utf8;

    /**
     * @param utf8 whether the server keeps texts in UTF-8; else they are converted before hashing
     */
    RowSql(boolean utf8) {
        this.utf8 = utf8;
    }

    /** MD5 of the row of these columns of {@code t}, 32 hexadecimal digits. */
    String hash(List<String> columns) {
        String row =
                columns.stream()
                        .map(name -> "t." + Sql.quote(name))
                        .collect(Collectors.joining(", ", "ROW(", ")::text"));
        return utf8 ? "md5(" + row + ")" : "md5(convert_to(" + row + ", 'UTF8'))";
    }

    /** What tells a row from the others of its table: its key's hash, or its own. */
    String identity(ComparedTable table) {
        return hash(table.hasKey() ? table.key() : table.columns());
    }

    /** {@code FROM} this table: without its children, unless its rows live in them. */
    static String from(ComparedTable table) {
        return " FROM " + (table.partitioned() ? "" : "ONLY ") + Sql.quote(table.id()) + " AS t";
    }

    /** {@code WHERE} for the rows of a range and a sample. */
    String where(ComparedTable table, KeyRange range, Sample sample) {
        StringBuilder where = new StringBuilder(" WHERE true");
        range.from().ifPresent(from -> where.append(bound(table, ">=", from)));
        range.to().ifPresent(to -> where.append(bound(table, "<", to)));
        if (!sample.isEveryRow()) {
            where.append(" AND ('x' || left(")
                    .append(identity(table))
                    .append(", 8))::bit(32)::bigint < ")
                    .append(sample.threshold());
        }
        return where.toString();
    }

    private static String bound(ComparedTable table, String operator, String value) {
        return " AND t."
                + Sql.quote(table.key().get(0))
                + " "
                + operator
                + " "
                + Sql.literal(value)
                + "::"
                + table.rangeType().orElseThrow();
    }

    /** The bucket that a row with hash {@code m} is dealt into. */
    static String bucket(int buckets) {
        return "(" + HIGH + " & " + (buckets - 1) + ")";
    }

    /** Both halves of hash {@code m} as signed 64-bit numbers. */
    static final String HIGH = "('x' || left(m, 16))::bit(64)::bigint";

    static final String LOW = "('x' || right(m, 16))::bit(64)::bigint";

    /** A value's text as its output function prints it: a cast would strip char(n)'s padding. */
    static String text(String column) {
        String name = "t." + Sql.quote(column);
        return "CASE WHEN "
                + name
                + " IS NOT DISTINCT FROM NULL THEN NULL ELSE format('%s', "
                + name
                + ") END";
    }

    /**
     * Joins the rows with wanted keys, given as one array of texts for each key column. Types that
     * are not built in are compared by text: their operators are not on the search path.
     */
    static String joinKeys(ComparedTable table) {
        StringBuilder arrays = new StringBuilder();
        StringBuilder names = new StringBuilder();
        StringBuilder equal = new StringBuilder();
        for (int i = 0; i < table.key().size(); i++) {
            String type = table.keyTypes().get(i);
            boolean builtIn = type.indexOf('.') < 0;
            String separator = i == 0 ? "" : ", ";
            arrays.append(separator).append("?::text[]");
            names.append(separator).append("k").append(i);
            equal.append(i == 0 ? "" : " AND ");
            if (builtIn) {
                equal.append("t.")
                        .append(Sql.quote(table.key().get(i)))
                        .append(" = w.k")
                        .append(i)
                        .append("::")
                        .append(type);
            } else {
                equal.append(text(table.key().get(i))).append(" = w.k").append(i);
            }
        }
        return " JOIN unnest(" + arrays + ") AS w (" + names + ") ON " + equal;
    }
}
