package io.landbridge.capture.binlog;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Doubles as MySQL sends them and as its JSON has them: the fewest digits that mean the same
 * number, an exponent only where the point would lie more than fifteen digits away.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/dtoa_8cc.html">my_gcvt</a>
 */
final class DoubleText {

    private static final int FEWEST = 15;
    private static final int MOST = 17;
    private static final int FARTHEST_POINT = 15;

    private DoubleText() {}

    static String of(double value) {
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal exact = new BigDecimal(Math.abs(value));
        BigDecimal shortest = shortest(exact);
        String digits = shortest.unscaledValue().toString();
        String sign = value < 0 ? "-" : "";
        // The value is 0.DIGITS times ten to the power of point.
        int point = digits.length() - shortest.scale();
        return sign + (isPlain(point) ? plain(digits, point) : scientific(digits, point - 1));
    }

    private static boolean isPlain(int point) {
        return point <= FARTHEST_POINT && point > -FARTHEST_POINT;
    }

    private static String plain(String digits, int point) {
        if (point <= 0) {
            return "0." + "0".repeat(-point) + digits;
        }
        if (point >= digits.length()) {
            return digits + "0".repeat(point - digits.length());
        }
        return digits.substring(0, point) + "." + digits.substring(point);
    }

    private static String scientific(String digits, int exponent) {
        String more = digits.length() == 1 ? "" : "." + digits.substring(1);
        return digits.charAt(0) + more + "e" + exponent;
    }

    /** Java 17's own text has a digit too many for some numbers (JDK-4511638). */
    private static BigDecimal shortest(BigDecimal exact) {
        double value = exact.doubleValue();
        // Below the normal numbers precision gets lost, digit by digit.
        for (int digits = value < Double.MIN_NORMAL ? 1 : FEWEST; digits < MOST; digits++) {
            BigDecimal rounded = rounded(exact, digits);
            if (rounded.doubleValue() == value) {
                return rounded.stripTrailingZeros();
            }
        }
        return rounded(exact, MOST).stripTrailingZeros();
    }

    private static BigDecimal rounded(BigDecimal exact, int digits) {
        return exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
    }
}
