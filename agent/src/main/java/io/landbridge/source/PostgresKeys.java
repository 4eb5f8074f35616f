package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.schema.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Cuts a table's keys into ranges of about the same number of rows, whatever the key's type, gaps
 * and skew: the bounds are quantiles of a sample of its pages. Bounds only ever meet the source's
 * own comparison, so its collations decide.
 */
final class PostgresKeys {

    /** Enough pages for a range that is off by a few tens of percent at most. */
    private static final int PAGES_PER_RANGE = 64;

    private static final int LEAST_PAGES = 1_000;

    /** Keeps sampling a matter of seconds on the largest tables. */
    private static final int MOST_PAGES = 20_000;

    private PostgresKeys() {}

    /**
     * About {@code pieces} ranges that cover every key, the first and the last one open; fewer when
     * the sample shows fewer keys.
     *
     * @param key the key's columns, in the key's order
     * @throws SQLException also when the key's type has no order, or no text form that reads back
     */
    static List<KeyRange> ranges(
            Connection connection, TablePart part, List<String> key, int pieces)
            throws SQLException {
        if (pieces < 2 || !part.samplable()) {
            return List.of(KeyRange.ALL);
        }
        List<List<String>> bounds = sampled(connection, part, key, pieces);
        List<KeyRange> ranges = new ArrayList<>();
        Optional<List<String>> lower = Optional.empty();
        for (List<String> bound : bounds) {
            if (lower.isEmpty() || !lower.get().equals(bound)) {
                ranges.add(new KeyRange(lower, Optional.of(bound)));
                lower = Optional.of(bound);
            }
        }
        ranges.add(new KeyRange(lower, Optional.empty()));
        prove(connection, part, key, ranges.get(ranges.size() / 2));
        return ranges;
    }

    private static List<List<String>> sampled(
            Connection connection, TablePart part, List<String> key, int pieces)
            throws SQLException {
        String columns = Sql.quoteAll(key);
        String texts =
                key.stream()
                        .map(column -> Sql.quote(column) + "::text")
                        .collect(Collectors.joining(", "));
        String query =
                """
                SELECT %s FROM (
                  SELECT %s, row_number() OVER (ORDER BY %s) AS "landbridge n",
                         count(*) OVER () AS "landbridge of"
                    FROM %s TABLESAMPLE SYSTEM (%s)) AS sample
                 WHERE "landbridge n" < "landbridge of"
                   AND "landbridge n" * %d / "landbridge of"
                     > ("landbridge n" - 1) * %d / "landbridge of"
                 ORDER BY "landbridge n\""""
                        .formatted(
                                texts,
                                columns,
                                columns,
                                from(part.relation(), part.only()),
                                percent(part.pages(), pieces),
                                pieces,
                                pieces);
        List<List<String>> bounds = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                List<String> bound = new ArrayList<>();
                for (int i = 1; i <= key.size(); i++) {
                    bound.add(rows.getString(i));
                }
                bounds.add(bound);
            }
        }
        return bounds;
    }

    private static String percent(long pages, int pieces) {
        long wanted = Math.min(MOST_PAGES, Math.max(LEAST_PAGES, (long) pieces * PAGES_PER_RANGE));
        return pages <= wanted
                ? "100"
                : java.math.BigDecimal.valueOf(100.0 * wanted / pages).toPlainString();
    }

    /** Fails here, once and early, when the server can't read a bound back. */
    private static void prove(
            Connection connection, TablePart part, List<String> key, KeyRange range)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "EXPLAIN SELECT 1 FROM "
                            + from(part.relation(), part.only())
                            + where(key, range));
        }
    }

    static String from(TableId relation, boolean only) {
        return (only ? "ONLY " : "") + Sql.quote(relation);
    }

    /**
     * A WHERE clause, or nothing for all keys. Bounds are untyped literals: PostgreSQL reads them
     * as the column's base type, without a domain's checks or collation in the way.
     */
    static String where(List<String> key, KeyRange range) {
        List<String> terms = new ArrayList<>();
        range.lower().ifPresent(bound -> terms.add(row(key) + " > " + literals(bound)));
        range.upper().ifPresent(bound -> terms.add(row(key) + " <= " + literals(bound)));
        return terms.isEmpty() ? "" : " WHERE " + String.join(" AND ", terms);
    }

    private static String row(List<String> key) {
        return key.size() == 1 ? Sql.quote(key.get(0)) : "(" + Sql.quoteAll(key) + ")";
    }

    private static String literals(List<String> bound) {
        String all = bound.stream().map(Sql::literal).collect(Collectors.joining(", "));
        return bound.size() == 1 ? all : "(" + all + ")";
    }
}
