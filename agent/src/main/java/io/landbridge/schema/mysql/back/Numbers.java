package io.landbridge.schema.mysql.back;

import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MysqlColumn;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers, spelled so that MySQL reads exactly them. */
final class Numbers {

    private static final Pattern INTEGER = Pattern.compile("0|-?[1-9][0-9]*");
    private static final Pattern DECIMAL = Pattern.compile("(-?)([0-9]+)(?:\\.([0-9]+))?");
    private static final Pattern FLOATING =
            Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
    private static final Pattern BITS = Pattern.compile("[01]+");

    private Numbers() {}

    /** Numbers beyond the column's range are refused by MySQL. */
    static String integer(MappedColumn column, String text) throws ValueRefused {
        if (!INTEGER.matcher(text).matches()) {
            throw Literals.refused(column, "not a whole number as MySQL spells it");
        }
        return column.source().dataType().equals("year") ? year(column, text) : text;
    }

    /** A number below 100 means a year of our time to MySQL; 0, as a number, is 0000. */
    private static String year(MappedColumn column, String text) throws ValueRefused {
        if (!text.equals("0") && text.length() != 4) {
            throw Literals.refused(column, "no YEAR from 1901 to 2155, nor 0");
        }
        return text;
    }

    static String bool(MappedColumn column, String text) throws ValueRefused {
        return switch (text) {
            case "t", "true" -> "1";
            case "f", "false" -> "0";
            default -> throw Literals.refused(column, "neither true nor false");
        };
    }

    /** MySQL rounds decimals that it has no room for, with no more than a note. */
    static String decimal(MappedColumn column, String text) throws ValueRefused {
        Matcher parts = DECIMAL.matcher(text);
        if (!parts.matches()) {
            throw Literals.refused(column, "no number that a DECIMAL can be");
        }
        MysqlColumn source = column.source();
        int scale = source.scale().orElse(0);
        String whole = parts.group(2).replaceFirst("^0+(?=.)", "");
        String decimals = parts.group(3) == null ? "" : parts.group(3).replaceFirst("0+$", "");
        int digits = whole.equals("0") ? 0 : whole.length();
        if (decimals.length() > scale || digits > source.precision() - scale) {
            throw Literals.refused(column, "more digits than " + source.columnType() + " has");
        }
        return parts.group(1) + whole + (decimals.isEmpty() ? "" : "." + decimals);
    }

    /**
     * With an exponent, so that MySQL's parser reads a double and no decimal. {@code real} values
     * are widened first: read as doubles, their shortest digits may be another float's.
     */
    static String floating(MappedColumn column, String text) throws ValueRefused {
        if (!FLOATING.matcher(text).matches()) {
            throw Literals.refused(column, "MySQL has no NaN and no infinity");
        }
        MysqlColumn source = column.source();
        double value =
                column.type().equals("real") ? Float.parseFloat(text) : Double.parseDouble(text);
        boolean held = !source.dataType().equals("float") || value == (float) value;
        if (!held || (source.scale().isPresent() && value != scaled(source, value))) {
            throw Literals.refused(column, source.columnType() + " would round it");
        }
        String digits = Double.toString(value);
        return digits.indexOf('E') < 0 ? digits + "E0" : digits;
    }

    /**
     * What FLOAT(M,D) and DOUBLE(M,D) make of a value.
     *
     * @see <a
     *     href="https://dev.mysql.com/doc/dev/mysql-server/8.0.31/classField__real.html">Field_real</a>
     */
    private static double scaled(MysqlColumn source, double value) {
        double factor = Math.pow(10, source.scale().get());
        double whole = Math.floor(value);
        double rounded = whole + Math.rint((value - whole) * factor) / factor;
        return source.dataType().equals("float") ? (float) rounded : rounded;
    }

    static String bits(MappedColumn column, String text) throws ValueRefused {
        if (!BITS.matcher(text).matches() || text.length() != column.source().precision()) {
            throw Literals.refused(column, "not as many bits as " + column.source().columnType());
        }
        return Long.toUnsignedString(Long.parseUnsignedLong(text, 2));
    }
}
