package io.landbridge.schema.mysql;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the labels out of {@code enum('a','b''c')} or {@code set(...)} as a catalogue spells it.
 */
final class MysqlLabels {

    private MysqlLabels() {}

    /**
     * The labels in their order, unescaped: a quote is doubled there; a backslash stands before
     * itself, and before {@code n}, {@code r} and {@code 0} for those control characters.
     */
    static List<String> parse(String columnType) {
        List<String> labels = new ArrayList<>();
        StringBuilder label = null;
        for (int i = columnType.indexOf('('); i < columnType.length(); i++) {
            char c = columnType.charAt(i);
            if (label == null) {
                label = c == '\'' ? new StringBuilder() : null;
            } else if (c == '\\') {
                i++;
                label.append(control(columnType.charAt(i)));
            } else if (c != '\'') {
                label.append(c);
            } else if (i + 1 < columnType.length() && columnType.charAt(i + 1) == '\'') {
                i++;
                label.append('\'');
            } else {
                labels.add(label.toString());
                label = null;
            }
        }
        return labels;
    }

    private static char control(char escaped) {
        return switch (escaped) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case '0' -> '\0';
            default -> escaped;
        };
    }
}
