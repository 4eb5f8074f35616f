package io.landbridge.schema.mysql;

import io.landbridge.change.TableId;
import java.util.regex.Pattern;

/**
 * Columns that a configuration means, and the type it gives them.
 *
 * @param columns matches {@code database.table.column}
 */
record ColumnPattern(Pattern columns, String type) {

    /** In {@code pattern}, {@code *} stands for any characters but dots, {@code ?} for one. */
    static ColumnPattern parse(String pattern, String type) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            switch (c) {
                case '*' -> regex.append("[^.]*");
                case '?' -> regex.append("[^.]");
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return new ColumnPattern(Pattern.compile(regex.toString(), Pattern.DOTALL), type);
    }

    boolean fits(TableId table, String column) {
        return columns.matcher(table.schema() + '.' + table.name() + '.' + column).matches();
    }
}
