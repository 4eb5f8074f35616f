package io.landbridge.schema.mysql;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type of PostgreSQL, taken apart.
 *
 * @param base without modifiers, as {@code format_type} spells it: {@code timestamp with time zone}
 * @param modifiers numbers in parentheses, in their order
 */
record PostgresType(String base, List<Integer> modifiers) {

    private static final Pattern FORM =
            Pattern.compile(
                    "([^(]*?)\\s*(?:\\(\\s*(\\d+)\\s*(?:,\\s*(\\d+)\\s*)?\\))?(\\s+[^(]*|\\[\\])?");

    private static final Map<String, String> ALIASES =
            Map.ofEntries(
                    Map.entry("int2", "smallint"),
                    Map.entry("int", "integer"),
                    Map.entry("int4", "integer"),
                    Map.entry("int8", "bigint"),
                    Map.entry("decimal", "numeric"),
                    Map.entry("float4", "real"),
                    Map.entry("float8", "double precision"),
                    Map.entry("bool", "boolean"),
                    Map.entry("char", "character"),
                    Map.entry("varchar", "character varying"),
                    Map.entry("varbit", "bit varying"),
                    Map.entry("timestamp", "timestamp without time zone"),
                    Map.entry("timestamptz", "timestamp with time zone"),
                    Map.entry("time", "time without time zone"),
                    Map.entry("timetz", "time with time zone"));

    /** Reads {@code text} as a user or {@code format_type} spells it. */
    static PostgresType parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (text.contains("\"") || !form.matches()) {
            return new PostgresType(text.strip(), List.of());
        }
        String tail = form.group(4) == null ? "" : form.group(4).replaceAll("\\s+", " ");
        String name = (form.group(1) + tail).toLowerCase(Locale.ROOT);
        String base = ALIASES.getOrDefault(name, name);
        if (form.group(2) == null) {
            return new PostgresType(base, List.of());
        }
        int first = Integer.parseInt(form.group(2));
        return new PostgresType(
                base,
                form.group(3) == null
                        ? base.equals("numeric") ? List.of(first, 0) : List.of(first)
                        : List.of(first, Integer.parseInt(form.group(3))));
    }

    /** As {@code format_type} spells it. */
    String text() {
        if (modifiers.isEmpty()) {
            return base;
        }
        String numbers = modifiers.toString().replace("[", "(").replace("]", ")").replace(" ", "");
        int blank = base.indexOf(' ');
        boolean inside = base.startsWith("time");
        return inside && blank > 0
                ? base.substring(0, blank) + numbers + base.substring(blank)
                : base + numbers;
    }
}
