package io.landbridge.schema;

import io.landbridge.change.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tells whether the rows of one table fit into another exactly as they are. */
public final class TableComparison {

    private static final Pattern LENGTH = Pattern.compile("(.*)\\((\\d+)(?:,(-?\\d+))?\\)(.*)");

    /** Types to the right hold every value of the types to their left, in the same text form. */
    private static final List<List<String>> WIDER =
            List.of(
                    List.of("smallint", "integer", "bigint", "numeric"),
                    List.of("character varying", "text"));

    private TableComparison() {}

    /**
     * What stands between a source table and its target.
     *
     * @param blocking whether rows could not move exactly
     * @param what a sentence without a full stop
     */
    public record Difference(TableId table, boolean blocking, String what) {}

    /** Differences of {@code target}, which exists, from {@code source}; key and columns. */
    public static List<Difference> of(Table source, Table target) {
        List<Difference> found = new ArrayList<>();
        Map<String, Column> there =
                target.columns().stream()
                        .collect(Collectors.toMap(Column::name, Function.identity()));
        for (Column column : source.columns()) {
            Column other = there.remove(column.name());
            String problem = other == null ? "is absent at the target" : problem(column, other);
            if (!problem.isEmpty()) {
                found.add(
                        new Difference(
                                source.id(), true, "column " + column.name() + " " + problem));
            }
        }
        for (Column extra : there.values()) {
            found.add(
                    new Difference(
                            source.id(),
                            false,
                            "column " + extra.name() + " exists only at the target"));
        }
        return found;
    }

    private static String problem(Column source, Column target) {
        if (source.generated() != target.generated()) {
            return target.generated()
                    ? "is generated at the target and not at the source"
                    : "is generated at the source, so that its log does not carry it, and not at"
                            + " the target";
        }
        if (!holds(source.type(), target.type())) {
            return "is " + source.type() + " at the source and " + target.type() + " at the target";
        }
        if (target.notNull() && !source.notNull()) {
            return "is NOT NULL at the target and may be NULL at the source";
        }
        return "";
    }

    /** Whether every value of type {@code source} is one of {@code target}, spelled the same. */
    static boolean holds(String source, String target) {
        if (source.equals(target)) {
            return true;
        }
        Sized from = Sized.of(source);
        Sized to = Sized.of(target);
        if (from.name().equals(to.name())) {
            return VARIABLE.contains(from.name()) && to.isAtLeast(from);
        }
        return to.isUnlimited()
                && WIDER.stream()
                        .anyMatch(
                                row ->
                                        row.contains(from.name())
                                                && row.indexOf(to.name())
                                                        > row.indexOf(from.name()));
    }

    /** Types whose limits may grow without a value's text changing. */
    private static final Set<String> VARIABLE =
            Set.of("character varying", "numeric", "bit varying");

    private record Sized(String name, int size, int scale) {

        static Sized of(String type) {
            Matcher matcher = LENGTH.matcher(type);
            if (!matcher.matches()) {
                return new Sized(type, 0, 0);
            }
            return new Sized(
                    matcher.group(1) + matcher.group(4),
                    Integer.parseInt(matcher.group(2)),
                    matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3)));
        }

        boolean isUnlimited() {
            return size == 0;
        }

        /** A numeric's scale must stay: it decides how many zeros are printed. */
        boolean isAtLeast(Sized other) {
            return isUnlimited()
                    || (!other.isUnlimited() && size >= other.size && scale == other.scale);
        }
    }
}
