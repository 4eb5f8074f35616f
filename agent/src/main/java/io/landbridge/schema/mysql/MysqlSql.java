package io.landbridge.schema.mysql;

import io.landbridge.change.TableId;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.stream.Collectors;

/** MySQL's spelling of names and values; the rules of its manual, section 9.1 and 9.2. */
public final class MysqlSql {

    private MysqlSql() {}

    /** {@code name} in backticks. */
    public static String quote(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("no identifier of MySQL: '" + name + "'");
        }
        return '`' + name.replace("`", "``") + '`';
    }

    /** {@code `database`.`table`}. */
    public static String quote(TableId table) {
        return quote(table.schema()) + '.' + quote(table.name());
    }

    /** Comma-separated quoted names. */
    public static String quoteAll(Collection<String> names) {
        return names.stream().map(MysqlSql::quote).collect(Collectors.joining(", "));
    }

    /** {@code text} as a literal of character set utf8mb4 that no sql_mode reads otherwise. */
    public static String literal(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 127 && c != '\\')) {
            return "_utf8mb4'" + text.replace("'", "''") + '\'';
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder hex = new StringBuilder("_utf8mb4 0x");
        for (byte one : bytes) {
            hex.append(Character.forDigit(one >> 4 & 15, 16))
                    .append(Character.forDigit(one & 15, 16));
        }
        return hex.toString();
    }
}
