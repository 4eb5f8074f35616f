package io.landbridge.schema.mysql.back;

import io.landbridge.schema.mysql.MappedColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/**
 * JSON. Its numbers are whole numbers of 64 bits or doubles in MySQL: one that is neither would
 * become the nearest double in silence.
 */
final class JsonNumbers {

    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MOST = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    /** So many digits every double gives back. */
    private static final int SAFE_DIGITS = 15;

    private static final int MOST_DIGITS = 17;

    private JsonNumbers() {}

    static String json(MappedColumn column, String text) throws ValueRefused {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '"') {
                i = endOfString(text, i);
            } else if (c == '-' || Character.isDigit(c)) {
                int end = endOfNumber(text, i);
                if (!isHeld(text.substring(i, end))) {
                    throw Literals.refused(column, "JSON with a number that no double is");
                }
                i = end;
            } else {
                i++;
            }
        }
        return Texts.quoted(text);
    }

    private static int endOfString(String text, int start) {
        int i = start + 1;
        while (i < text.length() && text.charAt(i) != '"') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    private static int endOfNumber(String text, int start) {
        int i = start;
        while (i < text.length() && "+-.0123456789eE".indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        return i;
    }

    /** What is no number at all is refused by MySQL. */
    private static boolean isHeld(String number) {
        if (!NUMBER.matcher(number).matches()) {
            return true;
        }
        BigDecimal value = new BigDecimal(number).stripTrailingZeros();
        if (number.indexOf('.') < 0 && number.indexOf('e') < 0 && number.indexOf('E') < 0) {
            BigInteger whole = value.toBigInteger();
            if (whole.compareTo(LEAST) >= 0 && whole.compareTo(MOST) <= 0) {
                return true;
            }
        }
        double nearest = value.doubleValue();
        if (Double.isInfinite(nearest) || (nearest == 0 && value.signum() != 0)) {
            return false;
        }
        return value.precision() <= SAFE_DIGITS || shortest(nearest).compareTo(value) == 0;
    }

    /** The fewest digits that read back as {@code number}: those that MySQL prints. */
    private static BigDecimal shortest(double number) {
        BigDecimal exact = new BigDecimal(number);
        for (int digits = SAFE_DIGITS; digits < MOST_DIGITS; digits++) {
            BigDecimal shorter = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (shorter.doubleValue() == number) {
                return shorter;
            }
        }
        return exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN));
    }
}
