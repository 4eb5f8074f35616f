package io.landbridge.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations ({@code 10ms}, {@code 5s}, {@code 2h}) and sizes ({@code 512MiB}) as text. */
public final class Units {

    private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]*)");

    private static final Map<String, Duration> DURATIONS = new LinkedHashMap<>();
    private static final Map<String, Long> SIZES = new LinkedHashMap<>();

    static {
        DURATIONS.put("d", Duration.ofDays(1));
        DURATIONS.put("h", Duration.ofHours(1));
        DURATIONS.put("m", Duration.ofMinutes(1));
        DURATIONS.put("s", Duration.ofSeconds(1));
        DURATIONS.put("ms", Duration.ofMillis(1));
        SIZES.put("TiB", 1L << 40);
        SIZES.put("GiB", 1L << 30);
        SIZES.put("MiB", 1L << 20);
        SIZES.put("KiB", 1L << 10);
        SIZES.put("TB", 1_000_000_000_000L);
        SIZES.put("GB", 1_000_000_000L);
        SIZES.put("MB", 1_000_000L);
        SIZES.put("kB", 1_000L);
        SIZES.put("B", 1L);
    }

    private Units() {}

    /**
     * Reads a number with one of the units d, h, m, s, ms; a bare 0 needs none.
     *
     * @throws IllegalArgumentException saying what is expected, without the text
     */
    public static Duration duration(String text) {
        Matcher matcher = FORM.matcher(text);
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Duration unit = matcher.matches() ? DURATIONS.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(
                    "expected a duration: a whole number and ms, s, m, h or d, such as 10ms or 5s");
        }
        try {
            return unit.multipliedBy(Long.parseLong(matcher.group(1)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("this duration is too long", e);
        }
    }

    /** The shortest text that {@link #duration} reads back exactly; below a millisecond is cut. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        for (Map.Entry<String, Duration> unit : DURATIONS.entrySet()) {
            long size = unit.getValue().toMillis();
            if (millis >= size && millis % size == 0) {
                return millis / size + unit.getKey();
            }
        }
        return millis + "ms";
    }

    /**
     * Reads bytes: a whole number, with KiB, MiB, GiB, TiB (powers of 1024) or kB, MB, GB, TB
     * (powers of 1000).
     *
     * @throws IllegalArgumentException saying what is expected, without the text
     */
    public static long size(String text) {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            String wanted = matcher.group(2).isEmpty() ? "B" : matcher.group(2);
            for (Map.Entry<String, Long> unit : SIZES.entrySet()) {
                if (unit.getKey().equalsIgnoreCase(wanted)) {
                    try {
                        return Math.multiplyExact(
                                Long.parseLong(matcher.group(1)), unit.getValue());
                    } catch (ArithmeticException e) {
                        throw new IllegalArgumentException("this size is too large", e);
                    }
                }
            }
        }
        throw new IllegalArgumentException(
                "expected a size: a whole number and KiB, MiB, GiB or TiB, such as 512MiB");
    }

    /** The shortest text in powers of 1024 that {@link #size} reads back exactly. */
    public static String text(long bytes) {
        for (String unit : new String[] {"TiB", "GiB", "MiB", "KiB"}) {
            long size = SIZES.get(unit);
            if (bytes >= size && bytes % size == 0) {
                return bytes / size + unit;
            }
        }
        return String.valueOf(bytes);
    }

    /** For people, rounded: {@code 1.4 GiB}. */
    public static String rounded(long bytes) {
        for (String unit : new String[] {"TiB", "GiB", "MiB", "KiB"}) {
            long size = SIZES.get(unit);
            if (bytes >= size) {
                return String.format(Locale.ROOT, "%.1f %s", (double) bytes / size, unit);
            }
        }
        return bytes + " B";
    }
}
