package io.landbridge.schema;

import io.landbridge.change.TableId;
import java.util.Collection;
import java.util.stream.Collectors;

/** PostgreSQL's quoting. Always quotes: a name's meaning must not depend on a list of keywords. */
public final class Sql {

    private Sql() {}

    /** {@code name} as a delimited identifier: {@code or"der} becomes {@code "or""der"}. */
    public static String quote(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("no identifier of PostgreSQL: '" + name + "'");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** {@code "schema"."table"}. */
    public static String quote(TableId table) {
        return quote(table.schema()) + '.' + quote(table.name());
    }

    /** Comma-separated delimited identifiers. */
    public static String quoteAll(Collection<String> names) {
        return names.stream().map(Sql::quote).collect(Collectors.joining(", "));
    }

    /**
     * {@code text} as a string literal that reads the same under either setting of {@code
     * standard_conforming_strings}.
     */
    public static String literal(String text) {
        String doubled = text.replace("'", "''");
        return doubled.indexOf('\\') < 0
                ? '\'' + doubled + '\''
                : " E'" + doubled.replace("\\", "\\\\") + '\'';
    }
}
