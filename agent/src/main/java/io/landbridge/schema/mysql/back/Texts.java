package io.landbridge.schema.mysql.back;

import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MysqlColumn;
import java.util.regex.Pattern;

/** Characters and bytes. */
final class Texts {

    private static final Pattern BYTES = Pattern.compile("\\\\x(?:[0-9a-f]{2})*");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private Texts() {}

    /**
     * Characters that the column's character set lacks, and texts that are too long, are refused by
     * MySQL; but blanks at the end it cuts off in silence.
     */
    static String text(MappedColumn column, String text) throws ValueRefused {
        MysqlColumn source = column.source();
        boolean padded =
                column.type().startsWith("character(") || column.type().equals("character");
        String value = padded ? withoutBlanks(text) : text;
        if (value.endsWith(" ")) {
            if (source.dataType().equals("char")) {
                throw Literals.refused(column, "a CHAR of MySQL has no blanks at its end");
            }
            if (size(source, value) > source.length()) {
                throw Literals.refused(column, "longer than " + source.columnType());
            }
        }
        return quoted(value);
    }

    private static String withoutBlanks(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    /** In what the column's length is told in; of TEXT not less than what it takes. */
    private static long size(MysqlColumn source, String text) {
        long characters = text.codePointCount(0, text.length());
        if (!source.dataType().endsWith("text")) {
            return characters;
        }
        return switch (source.charset()) {
            case "utf16", "utf16le", "ucs2" -> 2L * text.length();
            case "utf32" -> 4 * characters;
            default -> utf8Length(text);
        };
    }

    private static long utf8Length(String text) {
        return text.codePoints()
                .mapToLong(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4)
                .sum();
    }

    /** As a literal of utf8mb4; only quotes and backslashes mean something to MySQL there. */
    static String quoted(String text) {
        StringBuilder literal = new StringBuilder(text.length() + 16).append("_utf8mb4'");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'' || c == '\\') {
                literal.append('\\');
            }
            literal.append(c);
        }
        return literal.append('\'').toString();
    }

    /** BINARY(n) would fill up what is shorter. A geometry is bytes in MySQL's own form. */
    static String bytes(MappedColumn column, String text) throws ValueRefused {
        if (!BYTES.matcher(text).matches()) {
            throw Literals.refused(column, "no bytes in hexadecimal digits");
        }
        MysqlColumn source = column.source();
        if (source.dataType().equals("binary") && text.length() != 2 + 2 * source.length()) {
            throw Literals.refused(column, "not as long as " + source.columnType());
        }
        return "x'" + text.substring(2) + "'";
    }

    static String uuid(MappedColumn column, String text) throws ValueRefused {
        if (!UUID.matcher(text).matches()) {
            throw Literals.refused(column, "no UUID");
        }
        return column.source().isBinary() ? "x'" + text.replace("-", "") + "'" : quoted(text);
    }
}
