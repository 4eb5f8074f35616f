package io.landbridge.capture.binlog;

/**
 * MySQL's packed decimals as text: nine digits to four bytes, the first byte's top bit the sign.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/decimal_8cc.html">bin2decimal</a>
 */
final class DecimalText {

    private static final int GROUP = 9;
    private static final int GROUP_BYTES = 4;

    /** Bytes that so many digits of an incomplete group take. */
    private static final int[] BYTES = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};

    private DecimalText() {}

    /**
     * Reads a value.
     *
     * @param precision digits in all, 1 to 65
     * @param scale digits behind the point; so many are always printed
     */
    static String read(Bytes in, int precision, int scale) {
        int whole = precision - scale;
        byte[] packed = in.copy(length(whole) + length(scale));
        boolean negative = (packed[0] & 0x80) == 0;
        packed[0] ^= (byte) 0x80;
        if (negative) {
            for (int i = 0; i < packed.length; i++) {
                packed[i] = (byte) ~packed[i];
            }
        }
        Bytes digits = new Bytes(packed);
        StringBuilder text = new StringBuilder(precision + 3);
        group(digits, whole % GROUP, text);
        for (int i = 0; i < whole / GROUP; i++) {
            group(digits, GROUP, text);
        }
        int zeros = 0;
        while (zeros < text.length() - 1 && text.charAt(zeros) == '0') {
            zeros++;
        }
        text.delete(0, zeros);
        if (text.isEmpty()) {
            text.append('0');
        }
        if (scale > 0) {
            text.append('.');
            for (int i = 0; i < scale / GROUP; i++) {
                group(digits, GROUP, text);
            }
            group(digits, scale % GROUP, text);
        }
        boolean zero = text.chars().allMatch(c -> c == '0' || c == '.');
        return negative && !zero ? text.insert(0, '-').toString() : text.toString();
    }

    static void skip(Bytes in, int precision, int scale) {
        in.skip(length(precision - scale) + length(scale));
    }

    private static int length(int digits) {
        return digits / GROUP * GROUP_BYTES + BYTES[digits % GROUP];
    }

    private static void group(Bytes in, int digits, StringBuilder text) {
        if (digits == 0) {
            return;
        }
        String value = Long.toString(in.big(BYTES[digits]));
        text.append("0".repeat(Math.max(0, digits - value.length()))).append(value);
    }
}
