package io.landbridge.config;

import java.nio.file.Path;

/**
 * Section {@code transport}.
 *
 * @param directory where Chronicle's queue files live
 * @param maxBytes most bytes of queue files on disk; capture waits when it is reached
 * @param rollCycle Chronicle's name for how long one queue file is written to, such as {@code
 *     FAST_HOURLY}, {@code TEN_MINUTELY}
 * @param acknowledge when the source is told that it may forget
 */
public record TransportConfig(
        Mode mode, Path directory, long maxBytes, String rollCycle, Acknowledge acknowledge) {

    /** What carries changes from capture to apply. */
    public enum Mode {
        CHRONICLE,
        KAFKA
    }

    /** When the source is told "received": design, rule 2. */
    public enum Acknowledge {
        /** {@link #BUFFERED} while far behind, {@link #APPLIED} once close. */
        AUTO,
        BUFFERED,
        APPLIED
    }
}
