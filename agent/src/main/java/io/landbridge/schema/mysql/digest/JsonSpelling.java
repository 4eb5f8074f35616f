package io.landbridge.schema.mysql.digest;

import java.math.BigDecimal;

/**
 * PostgreSQL's spelling of a JSON that MySQL has spelled. Both have the same order of keys, the
 * same blanks and the same escapes; jsonb keeps numbers as {@code numeric}, which writes exponents
 * out and knows no negative zero.
 */
final class JsonSpelling {

    private JsonSpelling() {}

    /** {@code [1e3, -0.0, "1e3"]} becomes {@code [1000, 0.0, "1e3"]}. */
    static String ofJsonb(String mysql) {
        StringBuilder text = new StringBuilder(mysql.length() + 16);
        int at = 0;
        while (at < mysql.length()) {
            char c = mysql.charAt(at);
            int end = at + 1;
            if (c == '"') {
                end = endOfString(mysql, at);
                text.append(mysql, at, end);
            } else if (c == '-' || (c >= '0' && c <= '9')) {
                end = endOfNumber(mysql, at);
                text.append(number(mysql.substring(at, end)));
            } else {
                text.append(c);
            }
            at = end;
        }
        return text.toString();
    }

    private static int endOfString(String json, int at) {
        int end = at + 1;
        while (json.charAt(end) != '"') {
            end += json.charAt(end) == '\\' ? 2 : 1;
        }
        return end + 1;
    }

    private static int endOfNumber(String json, int at) {
        int end = at + 1;
        while (end < json.length() && "0123456789.eE+-".indexOf(json.charAt(end)) >= 0) {
            end++;
        }
        return end;
    }

    /** Numeric keeps the decimals that were written, less the exponent, and no less than none. */
    private static String number(String number) {
        BigDecimal value = new BigDecimal(number);
        return (value.scale() < 0 ? value.setScale(0) : value).toPlainString();
    }
}
