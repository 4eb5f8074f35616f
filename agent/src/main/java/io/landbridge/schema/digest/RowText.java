package io.landbridge.schema.digest;

import io.landbridge.change.TableId;
import io.landbridge.schema.Sql;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How rows at PostgreSQL are put into words, so that the other side of a comparison can say the
 * same: expressions over a table called {@code t}.
 */
public interface RowText {

    /**
     * What PostgreSQL prints of {@code ROW(a, b, ...)}: unambiguous, NULL differs from the empty
     * string, and made by each type's output function, so that a char(n)'s padding, a numeric's
     * scale and a float's negative zero are seen. Under {@link io.landbridge.jdbc.Database}'s
     * session settings no type of versions 12 to 18 prints differently by version, locale or time
     * zone.
     */
    RowText OWN =
            new RowText() {
                @Override
                public String row(TableId table, List<String> columns) {
                    return columns.stream()
                            .map(name -> "t." + Sql.quote(name))
                            .collect(Collectors.joining(", ", "ROW(", ")::text"));
                }

                /** A cast would strip char(n)'s padding. */
                @Override
                public String value(TableId table, String column) {
                    String name = "t." + Sql.quote(column);
                    return "CASE WHEN "
                            + name
                            + " IS NOT DISTINCT FROM NULL THEN NULL ELSE format('%s', "
                            + name
                            + ") END";
                }
            };

    /** The text of these columns of a row; only equal rows have the same one. Never NULL. */
    String row(TableId table, List<String> columns);

    /**
     * One value's text, NULL for NULL: what keys are looked up by and people are shown. It reads as
     * the same value.
     */
    String value(TableId table, String column);

    /** Whether the other side has the values of this column in the same order. */
    default boolean isOrderedAlike(TableId table, String column) {
        return true;
    }
}
