package io.landbridge.report;

import java.time.Duration;
import java.util.Locale;

/**
 * One field of a table.
 *
 * @param text as it is meant, not escaped
 */
public record Cell(String text, Style style) {

    /** How it looks. */
    public enum Style {
        PLAIN,
        /** To the right, digits of one width. */
        NUMBER,
        /** Names, positions, hashes, values. */
        CODE,
        GOOD,
        BAD
    }

    public static Cell text(String text) {
        return new Cell(text, Style.PLAIN);
    }

    /** {@code 1,234,567}. */
    public static Cell number(long number) {
        return new Cell(String.format(Locale.ROOT, "%,d", number), Style.NUMBER);
    }

    public static Cell time(Duration time) {
        return new Cell(Wording.time(time), Style.NUMBER);
    }

    public static Cell code(String text) {
        return new Cell(text, Style.CODE);
    }

    public static Cell good(String text) {
        return new Cell(text, Style.GOOD);
    }

    public static Cell bad(String text) {
        return new Cell(text, Style.BAD);
    }
}
