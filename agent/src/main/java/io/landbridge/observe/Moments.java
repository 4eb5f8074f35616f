package io.landbridge.observe;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Moments as people write them. */
public final class Moments {

    private static final DateTimeFormatter FORMAT =
            new DateTimeFormatterBuilder()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
                    .appendPattern("[XXX][X]")
                    .toFormatter(java.util.Locale.ROOT);

    private Moments() {}

    /**
     * The moment that {@code text} means: ISO 8601, or as PostgreSQL prints a timestamptz, with a
     * zone.
     *
     * @throws Fault USAGE when it is none
     */
    public static Instant parse(String text) {
        try {
            return OffsetDateTime.parse(text.strip().replaceFirst(" ", "T"), FORMAT).toInstant();
        } catch (DateTimeException e) {
            throw Fault.of(FaultCode.USAGE, "'" + text + "' is no moment with a zone", e)
                    .hint("write 2026-11-22T21:48:15Z, or 2026-11-22 21:48:15.123+01:00");
        }
    }
}
