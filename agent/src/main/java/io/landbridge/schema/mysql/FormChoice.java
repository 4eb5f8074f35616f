package io.landbridge.schema.mysql;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.util.Optional;
import java.util.Set;

/** Which form carries a value of a MySQL type into a type of PostgreSQL. */
final class FormChoice {

    private static final Set<String> TEXTS = Set.of("text", "character varying");
    private static final Set<String> INTEGERS = Set.of("smallint", "integer", "bigint");

    private FormChoice() {}

    /**
     * The form for {@code column} of {@code table} as {@code type}.
     *
     * @param type as {@code format_type} spells it
     * @throws Fault CONFIG_INVALID when no value-preserving way leads there
     */
    static Form of(MysqlTable table, MysqlColumn column, String type) {
        PostgresType to = PostgresType.parse(type);
        return form(column, to)
                .orElseThrow(
                        () ->
                                Fault.of(
                                                FaultCode.CONFIG_INVALID,
                                                "column "
                                                        + column.name()
                                                        + " is "
                                                        + column.columnType()
                                                        + " in MySQL, whose values "
                                                        + type
                                                        + " can't hold as they are")
                                        .in(table.id())
                                        .hint(
                                                "agent/docs/type-mapping.md says which types can;"
                                                        + " change schema.mapping, or the target's"
                                                        + " table where it was there before"));
    }

    private static Optional<Form> form(MysqlColumn column, PostgresType to) {
        String base = to.base();
        boolean text = TEXTS.contains(base) || base.endsWith(".citext");
        return switch (column.dataType()) {
            case "tinyint", "smallint", "mediumint", "int", "bigint", "year" ->
                    integer(column, to, text);
            case "decimal" ->
                    given(text || (base.equals("numeric") && sameScale(column, to)), Form.NUMERIC);
            case "float" ->
                    given(base.equals("real") || base.equals("double precision"), Form.DOUBLE);
            case "double" -> given(base.equals("double precision"), Form.DOUBLE);
            case "bit" -> bits(column, to);
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" ->
                    text(column, base, text);
            case "date" -> given(base.equals("date"), Form.DATE);
            case "datetime", "timestamp" -> dateTime(column, to);
            case "time" ->
                    given(
                            (base.equals("time without time zone") || base.equals("interval"))
                                    && sameFraction(column, to),
                            Form.TIME);
            case "enum" -> given(text || !isBuiltIn(base), Form.LABEL);
            case "set" ->
                    text
                            ? Optional.of(Form.LABEL)
                            : given(
                                    base.equals("text[]") || base.equals("character varying[]"),
                                    Form.LABELS);
            case "json" -> given(base.equals("json") || base.equals("jsonb") || text, Form.JSON);
            case "uuid" -> given(text || base.equals("uuid"), Form.UUID);
            default -> bytes(column, base);
        };
    }

    private static Optional<Form> integer(MysqlColumn column, PostgresType to, boolean text) {
        if (to.base().equals("boolean")) {
            return given(column.dataType().equals("tinyint"), Form.BOOLEAN);
        }
        boolean whole =
                to.base().equals("numeric")
                        && (to.modifiers().isEmpty() || to.modifiers().get(1) == 0);
        return given(text || whole || INTEGERS.contains(to.base()), Form.INTEGER);
    }

    private static Optional<Form> bits(MysqlColumn column, PostgresType to) {
        boolean same =
                to.base().equals("bit")
                        && (to.modifiers().isEmpty() ? 1 : to.modifiers().get(0))
                                == column.precision();
        if (same || to.base().equals("bit varying")) {
            return Optional.of(Form.BITS);
        }
        if (to.base().equals("boolean")) {
            return given(column.precision() == 1, Form.BOOLEAN);
        }
        return given(INTEGERS.contains(to.base()) && column.precision() < 64, Form.INTEGER);
    }

    private static Optional<Form> text(MysqlColumn column, String base, boolean text) {
        if (base.equals("uuid")) {
            return given(column.length() == 36, Form.UUID);
        }
        boolean padded = base.equals("character") && column.dataType().equals("char");
        return given(text || padded || base.equals("json"), Form.TEXT);
    }

    private static Optional<Form> dateTime(MysqlColumn column, PostgresType to) {
        if (!sameFraction(column, to)) {
            return Optional.empty();
        }
        return switch (to.base()) {
            case "timestamp without time zone" -> Optional.of(Form.DATETIME);
            case "timestamp with time zone" -> Optional.of(Form.INSTANT);
            default -> Optional.empty();
        };
    }

    private static Optional<Form> bytes(MysqlColumn column, String base) {
        if (base.equals("uuid")) {
            return given(column.dataType().equals("binary") && column.length() == 16, Form.UUID);
        }
        return given(base.equals("bytea") && column.isBinary(), Form.BYTES);
    }

    private static boolean sameScale(MysqlColumn column, PostgresType to) {
        return to.modifiers().isEmpty() || to.modifiers().get(1).equals(column.scale().orElse(0));
    }

    private static boolean sameFraction(MysqlColumn column, PostgresType to) {
        return to.modifiers().isEmpty() || to.modifiers().get(0) >= column.fraction();
    }

    /** A type of the user's own has a schema before it, or is none of the names known here. */
    private static boolean isBuiltIn(String base) {
        return !base.contains(".")
                && (base.endsWith("[]")
                        || INTEGERS.contains(base)
                        || Set.of(
                                        "numeric",
                                        "real",
                                        "double precision",
                                        "boolean",
                                        "character",
                                        "bytea",
                                        "uuid",
                                        "date",
                                        "interval",
                                        "json",
                                        "jsonb",
                                        "bit",
                                        "bit varying",
                                        "xml")
                                .contains(base)
                        || base.startsWith("time"));
    }

    private static Optional<Form> given(boolean fits, Form form) {
        return fits ? Optional.of(form) : Optional.empty();
    }
}
