package io.landbridge.schema.mysql.back;

import io.landbridge.schema.mysql.MappedColumn;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dates and times. PostgreSQL's infinities, years before 1 or beyond 9999, and months or days in an
 * interval have no counterpart; a fraction with more digits than the column has would be rounded.
 */
final class Times {

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern DATE_TIME =
            Pattern.compile(
                    "([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2})(?:\\.([0-9]+))?");
    private static final Pattern TIME =
            Pattern.compile("(-?([0-9]{2,3}):[0-9]{2}:[0-9]{2})(?:\\.([0-9]+))?");
    private static final int MOST_HOURS = 838;

    private Times() {}

    static String date(MappedColumn column, String text) throws ValueRefused {
        if (!DATE.matcher(text).matches()) {
            throw Literals.refused(column, "no DATE from year 1 to 9999");
        }
        return "'" + text + "'";
    }

    /** {@code zone}: what stands at the text's end, of a session in UTC. */
    static String dateTime(MappedColumn column, String text, String zone) throws ValueRefused {
        Matcher parts =
                DATE_TIME.matcher(
                        text.endsWith(zone)
                                ? text.substring(0, text.length() - zone.length())
                                : "");
        if (!parts.matches()) {
            throw Literals.refused(column, "no date and time from year 1 to 9999");
        }
        return "'" + parts.group(1) + fraction(column, parts.group(2)) + "'";
    }

    /** MySQL takes what lies beyond 838:59:59 for it, with an error; hours beyond it we name. */
    static String time(MappedColumn column, String text) throws ValueRefused {
        Matcher parts = TIME.matcher(text);
        if (!parts.matches()) {
            throw Literals.refused(column, "not hours, minutes and seconds alone");
        }
        if (Integer.parseInt(parts.group(2)) > MOST_HOURS) {
            throw Literals.refused(column, "no TIME from -838:59:59 to 838:59:59");
        }
        return "'" + parts.group(1) + fraction(column, parts.group(3)) + "'";
    }

    private static String fraction(MappedColumn column, String digits) throws ValueRefused {
        if (digits == null) {
            return "";
        }
        String significant = digits.replaceFirst("0+$", "");
        if (significant.length() > column.source().fraction()) {
            throw Literals.refused(
                    column, "a finer fraction of a second than " + column.source().columnType());
        }
        return significant.isEmpty() ? "" : "." + significant;
    }
}
