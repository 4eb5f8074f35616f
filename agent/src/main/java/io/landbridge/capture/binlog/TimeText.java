package io.landbridge.capture.binlog;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Dates and times as MySQL prints them, zero and partly zero dates included.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/my__time_8cc.html">my_time.cc</a>
 */
final class TimeText {

    private static final long DATETIME_ZERO = 0x8000000000L;
    private static final long TIME_ZERO = 0x800000L;
    private static final long LONG_TIME_ZERO = 0x800000000000L;
    private static final int MICRO_BITS = 24;
    private static final int MICROS = 6;

    /** Characters of a date. */
    static final int DATE_LENGTH = 10;

    private TimeText() {}

    /** DATE: 3 bytes. */
    static String date(Bytes in) {
        long value = in.little(3);
        return date(value >> 9, (value >> 5) & 15, value & 31);
    }

    /** YEAR: 1 byte, 0 being the year 0000. */
    static String year(Bytes in) {
        int value = in.unsigned1();
        return value == 0 ? "0000" : Integer.toString(1900 + value);
    }

    /** A YEAR as a number: 0 for 0000. */
    static String yearNumber(Bytes in) {
        int value = in.unsigned1();
        return Integer.toString(value == 0 ? 0 : 1900 + value);
    }

    /** Whether the date that {@code text} begins with has no year, no month or no day. */
    static boolean isPartlyZero(String text) {
        return text.startsWith("0000") || text.startsWith("00", 5) || text.startsWith("00", 8);
    }

    /** {@code text} without zeros at the end of its fraction of {@code fsp} digits. */
    static String trimmed(String text, int fsp) {
        if (fsp == 0) {
            return text;
        }
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
    }

    /** DATETIME(fsp). */
    static String dateTime(Bytes in, int fsp) {
        long whole = in.big(5) - DATETIME_ZERO;
        return packedDateTime((whole << MICRO_BITS) + micros(in, fsp), fsp);
    }

    /** TIMESTAMP(fsp), in UTC; second 0 is MySQL's zero, which is no moment. */
    static String timestamp(Bytes in, int fsp) {
        long seconds = in.big(4);
        long micros = micros(in, fsp);
        if (seconds == 0 && micros == 0) {
            return "0000-00-00 00:00:00" + fraction(0, fsp);
        }
        LocalDateTime at = LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds), ZoneOffset.UTC);
        return date(at.getYear(), at.getMonthValue(), at.getDayOfMonth())
                + " "
                + clock(at.getHour(), at.getMinute(), at.getSecond())
                + fraction(micros, fsp);
    }

    /** TIME(fsp): from -838:59:59 to 838:59:59. */
    static String time(Bytes in, int fsp) {
        return packedTime(packTime(in, fsp), fsp);
    }

    private static long packTime(Bytes in, int fsp) {
        if (fsp > 4) {
            return in.big(6) - LONG_TIME_ZERO;
        }
        long whole = in.big(3) - TIME_ZERO;
        int bytes = (fsp + 1) / 2;
        long fraction = bytes == 0 ? 0 : in.big(bytes);
        // The fraction of a negative time counts upwards from the whole number below it.
        if (whole < 0 && fraction != 0) {
            whole++;
            fraction -= 1L << (8 * bytes);
        }
        return (whole << MICRO_BITS) + fraction * scale(bytes);
    }

    private static long micros(Bytes in, int fsp) {
        int bytes = (fsp + 1) / 2;
        return bytes == 0 ? 0 : in.big(bytes) * scale(bytes);
    }

    private static long scale(int bytes) {
        return switch (bytes) {
            case 1 -> 10_000;
            case 2 -> 100;
            default -> 1;
        };
    }

    /** What JSON documents hold of a date. */
    static String packedDate(long packed) {
        long day = packed >> MICRO_BITS >> 17;
        return date((day >> 5) / 13, (day >> 5) % 13, day & 31);
    }

    /** MySQL's packed date and time: {@code (year * 13 + month), day, hour, minute, second}. */
    static String packedDateTime(long packed, int fsp) {
        long whole = packed >> MICRO_BITS;
        long clock = whole & 0x1FFFF;
        return packedDate(packed)
                + " "
                + clock(clock >> 12, (clock >> 6) & 63, clock & 63)
                + fraction(packed & 0xFFFFFF, fsp);
    }

    static String packedTime(long packed, int fsp) {
        long value = Math.abs(packed);
        long whole = value >> MICRO_BITS;
        return (packed < 0 ? "-" : "")
                + clock((whole >> 12) & 0x3FF, (whole >> 6) & 63, whole & 63)
                + fraction(value & 0xFFFFFF, fsp);
    }

    private static String date(long year, long month, long day) {
        StringBuilder text = new StringBuilder(10);
        digits(text, year, 4);
        digits(text.append('-'), month, 2);
        digits(text.append('-'), day, 2);
        return text.toString();
    }

    private static String clock(long hour, long minute, long second) {
        StringBuilder text = new StringBuilder(9);
        digits(text, hour, 2);
        digits(text.append(':'), minute, 2);
        digits(text.append(':'), second, 2);
        return text.toString();
    }

    private static String fraction(long micros, int fsp) {
        if (fsp == 0) {
            return "";
        }
        StringBuilder text = new StringBuilder(MICROS + 1).append('.');
        digits(text, micros, MICROS);
        text.setLength(fsp + 1);
        return text.toString();
    }

    private static void digits(StringBuilder text, long value, int count) {
        String digits = Long.toString(value);
        for (int i = digits.length(); i < count; i++) {
            text.append('0');
        }
        text.append(digits);
    }
}
