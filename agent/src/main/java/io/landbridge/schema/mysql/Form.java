package io.landbridge.schema.mysql;

import java.util.ArrayList;
import java.util.List;

/**
 * How a value goes from MySQL to PostgreSQL. Each form fixes one <em>canonical text</em> of a
 * value, which three parties make, byte for byte the same: MySQL ({@link #text}), PostgreSQL of the
 * stored value ({@link #targetText}), and whoever decodes the binary log. PostgreSQL's input
 * function reads it. It is what PostgreSQL prints of the value, but for {@link #DOUBLE}.
 *
 * <p>A form says nothing about what it can't carry (zero dates, NUL in a text, labels that aren't
 * any): PostgreSQL refuses those, and the assessment finds them before.
 */
public enum Form {
    /** Decimal digits, a minus sign before them where needed; YEAR too, 0 for 0000. */
    INTEGER(Wire.PLAIN, (c, column) -> chars(number(c, column)), (c, column) -> number(c, column)),

    /** {@code f} for 0, {@code t} for 1; any other number as its digits, which are refused. */
    BOOLEAN(
            Wire.PLAIN,
            (c, column) ->
                    "CASE %s WHEN 0 THEN _utf8mb4'f' WHEN 1 THEN _utf8mb4't' ELSE %s END"
                            .formatted(number(c, column), chars(number(c, column))),
            (c, column) -> number(c, column)) {
        @Override
        String targetText(String c) {
            return "CASE " + c + " WHEN true THEN 't' WHEN false THEN 'f' END";
        }
    },

    /** All decimals of the type: {@code 1.50} for a DECIMAL(5,2). */
    NUMERIC(Wire.PLAIN, (c, column) -> chars(number(c, column)), (c, column) -> number(c, column)),

    /**
     * FLOAT and DOUBLE, as a double: the shortest digits that read back as the same double, in
     * MySQL's layout: without exponent where the decimal point stands from 15 places left of the
     * first digit to 15 right of it ({@code 0.00001}, {@code 100000000000000}), else with the bare
     * exponent ({@code 1e15}, {@code 1.5e-17}). Java's {@code Double} prints other layouts, and
     * before JDK 19 more digits at times. Both servers give the shortest digits, but where those
     * lie halfway between two doubles ({@code 1e23}) PostgreSQL gives others. So the {@link #proof}
     * is of the bits. FLOAT(M,D) and DOUBLE(M,D) go as they are stored, not as MySQL rounds them
     * for display. The factor keeps a negative zero, which a summand would not.
     *
     * <p>What MySQL sends is exact. Its functions round where a text would be longer than 22
     * characters (17 digits and an exponent below -99): none may see a double.
     */
    DOUBLE(
            Wire.PLAIN,
            (c, column) -> column.dialect().doubleText("(" + c + " * 1e0)"),
            (c, column) -> c + " * 1e0") {
        /** The first coordinate of a point in memory: eight bytes, the lowest first. */
        @Override
        String proof(String c, MysqlColumn column) {
            return "HEX(REVERSE(SUBSTR(POINT(" + c + " * 1e0, 0), 10, 8)))";
        }

        @Override
        String targetProof(String c, MysqlColumn column) {
            return "upper(encode(float8send(" + c + "::float8), 'hex'))";
        }

        @Override
        String targetText(String c) {
            return """
                   CASE WHEN abs(%1$s::float8) < 1e-4 AND abs(%1$s::float8) >= 1e-15 \
                   THEN trim_scale(%1$s::float8::text::numeric)::text \
                   ELSE regexp_replace(%1$s::float8::text, 'e\\+?(-?)0*', 'e\\1') END"""
                    .formatted(c);
        }
    },

    /** As many binary digits as the type has bits. */
    BITS(
            Wire.PLAIN,
            (c, column) -> chars("LPAD(BIN(" + c + " + 0), " + column.precision() + ", '0')"),
            (c, column) -> "LPAD(BIN(" + c + " + 0), " + column.precision() + ", '0')"),

    /** The characters. A CHAR has no trailing spaces, as MySQL has it. */
    TEXT(Wire.ESCAPED, (c, column) -> utf8(c), (c, column) -> c),

    /** {@code \x} and lower-case hexadecimal digits. BINARY(n) is filled up with zero bytes. */
    BYTES(
            Wire.HEX,
            (c, column) -> "CONCAT(_utf8mb4 0x5c78, LOWER(" + utf8("HEX(" + c + ")") + "))",
            (c, column) -> c),

    /** Lower-case, with dashes, from BINARY(16) in the order of its bytes or from CHAR(36). */
    UUID(
            Wire.PLAIN,
            (c, column) ->
                    column.isBinary()
                            ? utf8(column.dialect().uuidText(c))
                            : "LOWER(" + utf8(c) + ")",
            (c, column) -> column.isBinary() ? column.dialect().uuidText(c) : c),

    /** {@code 2024-02-29}. */
    DATE(Wire.PLAIN, (c, column) -> chars(c), (c, column) -> c),

    /**
     * {@code 2024-02-29 23:59:59.5}: no zeros at the fraction's end, and no point without one. Also
     * a TIMESTAMP that becomes one without time zone: in UTC.
     */
    DATETIME(Wire.PLAIN, (c, column) -> seconds(c, column), (c, column) -> c),

    /** As {@link #DATETIME}, in UTC, with {@code +00} behind it. */
    INSTANT(
            Wire.PLAIN,
            (c, column) -> "CONCAT(" + seconds(c, column) + ", _utf8mb4'+00')",
            (c, column) -> c),

    /**
     * {@code 23:59:59.5}; as an interval also {@code -838:59:59}, with two digits of hours at
     * least.
     */
    TIME(Wire.PLAIN, (c, column) -> seconds(c, column), (c, column) -> c),

    /** The label of an ENUM, or a SET's labels with commas between them, as one text. */
    LABEL(Wire.ESCAPED, (c, column) -> utf8(c), (c, column) -> c),

    /**
     * A SET as an array: {@code {a,"b c"}}, in the type's order; a label in double quotes, {@code
     * "} and {@code \} escaped by a backslash, where {@link #arrayElement} says so.
     */
    LABELS(Wire.ESCAPED, (c, column) -> array(c, column), (c, column) -> array(c, column)),

    /**
     * MySQL's own spelling: {@code {"a": 1, "bb": [1.0, "x"]}}. PostgreSQL's jsonb spells it the
     * same, in the same order of keys, except numbers with an exponent, which it writes out.
     */
    JSON(Wire.ESCAPED, (c, column) -> chars(c), (c, column) -> c);

    /** How bytes that MySQL's text protocol gives become COPY's text format. */
    public enum Wire {
        /** As they are: nothing in them needs an escape. */
        PLAIN,
        /** Backslash, tab, newline and carriage return get a backslash. */
        ESCAPED,
        /** As {@code \\x} and hexadecimal digits. */
        HEX
    }

    private interface Rendering {
        String of(String column, MysqlColumn source);
    }

    private final Wire wire;

    /** Pure functions. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Rendering text;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Rendering load;

    Form(Wire wire, Rendering text, Rendering load) {
        this.wire = wire;
        this.text = text;
        this.load = load;
    }

    /** What the load does with the bytes that {@link #load} gives. */
    public Wire wire() {
        return wire;
    }

    /** A MySQL expression over column {@code c} for the canonical text. */
    String text(String c, MysqlColumn column) {
        return text.of(c, column);
    }

    /** A MySQL expression over column {@code c} for a text that reads as the same value. */
    String load(String c, MysqlColumn column) {
        return load.of(c, column);
    }

    /** A PostgreSQL expression over column {@code c} for the canonical text. */
    String targetText(String c) {
        return c + "::text";
    }

    /**
     * A MySQL expression over column {@code c} for a text that equal values have, and others don't:
     * what rows are hashed by. Short also where the value is long, since a function's result that
     * is longer than max_allowed_packet becomes NULL.
     */
    String proof(String c, MysqlColumn column) {
        if (column.isBinary() && this == BYTES) {
            return "MD5(" + c + ")";
        }
        return column.isLong() ? "MD5(" + text(c, column) + ")" : text(c, column);
    }

    /** As {@link #proof}, of PostgreSQL. */
    String targetProof(String c, MysqlColumn column) {
        if (column.isBinary() && this == BYTES) {
            return "md5(" + c + ")";
        }
        return column.isLong() ? "md5(convert_to(" + targetText(c) + ", 'UTF8'))" : targetText(c);
    }

    /** Whether the proof of such a column may hold any character. */
    boolean isFree(MysqlColumn column) {
        return wire == Wire.ESCAPED && !column.isLong();
    }

    /**
     * {@code label} as PostgreSQL prints it within an array of texts.
     *
     * @see <a href="https://www.postgresql.org/docs/17/arrays.html#ARRAYS-IO">arrays in text</a>
     */
    public static String arrayElement(String label) {
        boolean bare =
                !label.isEmpty()
                        && !label.equalsIgnoreCase("NULL")
                        && label.chars().noneMatch(c -> "{},\"\\ \t\n\r\u000b\f".indexOf(c) >= 0);
        return bare ? label : '"' + label.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String number(String c, MysqlColumn column) {
        boolean asItIs =
                !column.isZerofill()
                        && !column.dataType().equals("year")
                        && !column.dataType().equals("bit");
        return asItIs ? c : "(" + c + " + 0)";
    }

    private static String chars(String expression) {
        return "CAST(" + expression + " AS CHAR CHARACTER SET utf8mb4)";
    }

    private static String utf8(String expression) {
        return "CONVERT(" + expression + " USING utf8mb4)";
    }

    private static String seconds(String c, MysqlColumn column) {
        return column.fraction() == 0
                ? chars(c)
                : "TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM " + chars(c) + "))";
    }

    private static String array(String c, MysqlColumn column) {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < column.labels().size(); i++) {
            labels.add(
                    "IF(%s & %s, %s, NULL)"
                            .formatted(
                                    c,
                                    Long.toUnsignedString(1L << i),
                                    MysqlSql.literal(arrayElement(column.labels().get(i)))));
        }
        return "IF(%s IS NULL, NULL, CONCAT(_utf8mb4'{', CONCAT_WS(_utf8mb4',', %s), _utf8mb4'}'))"
                .formatted(c, String.join(", ", labels));
    }
}
