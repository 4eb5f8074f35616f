package io.landbridge.schema.mysql;

/** An expression as {@code information_schema} shows it. */
final class MysqlExpression {

    private MysqlExpression() {}

    /**
     * The expression that {@code shown} stands for: the catalogue keeps one with a backslash before
     * each quote and backslash ({@code concat(`a`,_utf8mb4\' \')}).
     */
    static String unescape(String shown) {
        StringBuilder text = new StringBuilder(shown.length());
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            boolean escape =
                    c == '\\' && i + 1 < shown.length() && "'\\".indexOf(shown.charAt(i + 1)) >= 0;
            if (escape) {
                i++;
            }
            text.append(shown.charAt(i));
        }
        return text.toString();
    }
}
