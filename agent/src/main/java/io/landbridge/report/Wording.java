package io.landbridge.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** How pages spell times and numbers; the same in every place and language. */
public final class Wording {

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private Wording() {}

    /** {@code 340 ms}, {@code 12.5 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
    public static String time(Duration time) {
        if (time.compareTo(Duration.ofSeconds(1)) < 0) {
            return time.toMillis() + " ms";
        }
        if (time.compareTo(Duration.ofMinutes(2)) < 0) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
        }
        return time.compareTo(Duration.ofHours(2)) < 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toHours() + " h " + time.toMinutesPart() + " min";
    }

    /** {@code 2026-03-01 12:00:00.250 UTC}. */
    public static String moment(Instant at) {
        return MOMENT.format(at.truncatedTo(ChronoUnit.MILLIS));
    }

    /** {@code 1 row}, {@code 2,000 rows}: {@code noun} with an s unless {@code count} is 1. */
    public static String count(long count, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
    }
}
