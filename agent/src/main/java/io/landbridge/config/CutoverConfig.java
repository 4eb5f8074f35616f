package io.landbridge.config;

import java.time.Duration;

/**
 * Section {@code cutover}.
 *
 * @param mode whether an operator asks for the cutover, or it follows a clean validation by itself
 * @param maxLag most lag at which a cutover may begin
 * @param maxValidationAge how old the last clean validation may be
 * @param lockTimeout how long the fence waits for writers in flight, each try
 * @param lockTries how often the fence tries
 * @param drainTimeout how long the applier may take to reach the fence's marker
 */
public record CutoverConfig(
        Mode mode,
        Duration maxLag,
        Duration maxValidationAge,
        Duration lockTimeout,
        int lockTries,
        Duration drainTimeout) {

    /** Who starts it. */
    public enum Mode {
        MANUAL,
        AUTO
    }
}
