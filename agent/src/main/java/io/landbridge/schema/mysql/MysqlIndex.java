package io.landbridge.schema.mysql;

import java.util.List;
import java.util.Optional;

/**
 * An index as {@code information_schema.statistics} describes it.
 *
 * @param name {@code PRIMARY} for the primary key
 * @param unique whether two rows can't be equal in it
 * @param kind {@code BTREE}, {@code FULLTEXT}, {@code SPATIAL} or {@code HASH}
 * @param visible whether the planner uses it
 * @param parts in their order
 * @param comment empty when there is none
 */
public record MysqlIndex(
        String name,
        boolean unique,
        String kind,
        boolean visible,
        List<Part> parts,
        String comment) {

    /** What MySQL calls every primary key. */
    public static final String PRIMARY = "PRIMARY";

    /**
     * One of the things that are indexed.
     *
     * @param column its name; empty for an expression
     * @param expression in MySQL's words; empty for a column
     * @param prefix how many characters or bytes of the column; empty: all of it
     * @param descending its order
     */
    public record Part(
            Optional<String> column,
            Optional<String> expression,
            Optional<Integer> prefix,
            boolean descending) {}

    public MysqlIndex {
        parts = List.copyOf(parts);
    }

    public boolean isPrimary() {
        return name.equals(PRIMARY);
    }

    /** Whether it covers whole columns only, so that it can tell rows apart. */
    public boolean isOverWholeColumns() {
        return kind.equals("BTREE")
                && parts.stream()
                        .allMatch(part -> part.column().isPresent() && part.prefix().isEmpty());
    }

    /** Names of its columns; expressions are left out. */
    public List<String> columns() {
        return parts.stream().flatMap(part -> part.column().stream()).toList();
    }
}
