package io.landbridge.schema.digest;

import io.landbridge.schema.Sql;
import java.util.List;

/**
 * The expressions that rows are compared by: hashes of a row's text. MD5 depends on nothing but
 * bytes; {@link RowHash#QUICK} needs to be shown to.
 */
final class RowSql {

    private final boolean utf8;
    private final RowText words;

    /**
     * @param utf8 whether the server keeps texts in UTF-8; else they are converted before hashing
     * @param words what a row's text is
     */
    RowSql(boolean utf8, RowText words) {
        this.utf8 = utf8;
        this.words = words;
    }

    /** MD5 of the row of these columns of {@code t}, 32 hexadecimal digits. */
    String hash(ComparedTable table, List<String> columns) {
        return md5(words.row(table.id(), columns));
    }

    /** MD5 of {@code text}, 32 hexadecimal digits. */
    String md5(String text) {
        return utf8 ? "md5(" + text + ")" : "md5(convert_to(" + text + ", 'UTF8'))";
    }

    /** Whether texts can be hashed by {@link RowHash#QUICK} here. */
    boolean hasQuickHash() {
        return utf8;
    }

    /**
     * What {@link RowHash#QUICK} makes of texts of every length up to some blocks, and of one long.
     */
    static final String QUICK_HASHES =
            """
            SELECT md5(string_agg(concat(hashtextextended(x, 0), hashtextextended(x, 1)), ' '
                                  ORDER BY n))
            FROM (SELECT n, left(repeat(concat('(1,Landbridge,', chr(228), chr(8364), ',"",-0)'),
                                        20), n) COLLATE "C" AS x
                  FROM generate_series(0, 100) AS n
                  UNION ALL SELECT 4000, repeat('landbridge', 400)) AS probes""";

    /** A query of {@code x}, the text of each row, and what {@code more} names. */
    String texts(ComparedTable table, KeyRange range, Sample sample, String more) {
        // OFFSET 0 keeps the planner from merging the queries and computing each text twice.
        return "SELECT "
                + words.row(table.id(), table.columns())
                + " COLLATE \"C\" AS x"
                + more
                + from(table)
                + where(table, range, sample)
                + " OFFSET 0";
    }

    /** A query of {@code h} and {@code l}, both halves of the hash of each row. */
    String halves(ComparedTable table, KeyRange range, Sample sample, RowHash form) {
        String texts = texts(table, range, sample, "");
        return form == RowHash.QUICK
                ? "SELECT "
                        + QUICK_HIGH
                        + " AS h, hashtextextended(x, 1) AS l FROM ("
                        + texts
                        + ") AS r OFFSET 0"
                : "SELECT b::bit(64)::bigint AS h, (b << 64)::bit(64)::bigint AS l FROM (SELECT"
                        + " ('x' || "
                        + md5("x")
                        + ")::bit(128) AS b FROM ("
                        + texts
                        + ") AS r OFFSET 0) AS s OFFSET 0";
    }

    /** What tells a row from the others of its table: its key's hash, or its own. */
    String identity(ComparedTable table) {
        return hash(table, table.hasKey() ? table.key() : table.columns());
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

    /** The bucket that a row with text {@code x} is dealt into. */
    String bucket(int buckets, RowHash form) {
        String high =
                form == RowHash.QUICK
                        ? QUICK_HIGH
                        : "('x' || left(" + md5("x") + ", 16))::bit(64)::bigint";
        return "(" + high + " & " + (buckets - 1) + ")";
    }

    private static final String QUICK_HIGH = "hashtextextended(x, 0)";

    /** A value's text, NULL for NULL. */
    String text(ComparedTable table, String column) {
        return words.value(table.id(), column);
    }

    /**
     * Joins the rows with wanted keys, given as one array of texts for each key column. Types that
     * are not built in are compared by text: their operators are not on the search path.
     */
    String joinKeys(ComparedTable table) {
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
                equal.append(text(table, table.key().get(i))).append(" = w.k").append(i);
            }
        }
        return " JOIN unnest(" + arrays + ") AS w (" + names + ") ON " + equal;
    }
}
