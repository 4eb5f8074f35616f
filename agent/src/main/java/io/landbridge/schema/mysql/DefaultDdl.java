package io.landbridge.schema.mysql;

import io.landbridge.schema.Sql;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A column's default in PostgreSQL's words. */
final class DefaultDdl {

    private static final Pattern CONSTANT = Pattern.compile("(?s)_\\w+'((?:[^'\\\\]|'')*)'");

    private DefaultDdl() {}

    /**
     * The expression; empty when there is none, or none that PostgreSQL can have, which {@code
     * notes} then tells.
     */
    static Optional<String> of(MappedColumn column, MappedTable table, List<String> notes) {
        Optional<String> given = column.source().defaultValue();
        if (given.isEmpty() || column.source().isGenerated()) {
            return Optional.empty();
        }
        Optional<String> made =
                column.source().defaultExpression()
                        ? expression(column, given.get())
                        : literal(column, given.get());
        if (made.isEmpty()) {
            notes.add(
                    "the default of "
                            + table.sourceId()
                            + "."
                            + column.source().name()
                            + " has no counterpart: "
                            + given.get());
        }
        return made;
    }

    /** The time as MySQL's CURRENT_TIMESTAMP gives it to a column of this type. */
    static String now(MappedColumn column) {
        String fraction = "(" + column.source().fraction() + ")";
        return (column.form() == Form.INSTANT ? "CURRENT_TIMESTAMP" : "LOCALTIMESTAMP") + fraction;
    }

    private static Optional<String> expression(MappedColumn column, String mysql) {
        String plain = mysql.toLowerCase(Locale.ROOT).replaceAll("\\(\\d*\\)", "");
        return switch (plain) {
            case "current_timestamp", "now" -> Optional.of(now(column));
            case "curdate", "current_date" -> Optional.of("CURRENT_DATE");
            case "uuid" ->
                    Optional.of("gen_random_uuid()" + (column.form() == Form.UUID ? "" : "::text"));
            case "json_array" -> Optional.of("'[]'");
            case "json_object" -> Optional.of("'{}'");
            default -> constant(column, mysql);
        };
    }

    /** {@code (_utf8mb4'abc')} and {@code (0)}: what TEXT columns have for a plain default. */
    private static Optional<String> constant(MappedColumn column, String mysql) {
        Matcher text = CONSTANT.matcher(mysql);
        return text.matches()
                ? literal(column, text.group(1).replace("''", "'"))
                : mysql.matches("-?\\d+(\\.\\d+)?") ? literal(column, mysql) : Optional.empty();
    }

    private static Optional<String> literal(MappedColumn column, String text) {
        return switch (column.form()) {
            case INTEGER, NUMERIC, DOUBLE -> Optional.of(number(column, text));
            case BOOLEAN -> Optional.of(number(column, text).equals("0") ? "false" : "true");
            case BITS -> Optional.of("B'" + bits(column, text) + "'");
            case BYTES -> Optional.of("'\\x" + hex(text) + "'::bytea");
            case DATE, DATETIME, INSTANT -> date(column, text);
            case LABELS -> Optional.of(Sql.literal(array(text)));
            case TEXT, LABEL, TIME, JSON, UUID -> Optional.of(Sql.literal(text));
        };
    }

    /** Bits as a number where they are one at the target. */
    private static String number(MappedColumn column, String text) {
        return column.source().dataType().equals("bit")
                ? new BigInteger(bits(column, text), 2).toString()
                : text;
    }

    /** {@code b'101'}, filled up to the type's length. */
    private static String bits(MappedColumn column, String text) {
        String digits = text.replaceAll("[^01]", "");
        return "0".repeat(Math.max(0, column.source().precision() - digits.length())) + digits;
    }

    /** The catalogue shows a binary default as {@code 0x...}, in newer versions. */
    private static String hex(String text) {
        return text.matches("0x([0-9A-Fa-f]{2})*")
                ? text.substring(2)
                : HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> date(MappedColumn column, String text) {
        boolean zero = text.startsWith("0000-") || text.contains("-00");
        return zero
                ? Optional.empty()
                : Optional.of(Sql.literal(text + (column.form() == Form.INSTANT ? "+00" : "")));
    }

    private static String array(String labels) {
        return labels.isEmpty()
                ? "{}"
                : Arrays.stream(labels.split(",", -1))
                        .map(Form::arrayElement)
                        .collect(Collectors.joining(",", "{", "}"));
    }
}
