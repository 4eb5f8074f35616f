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
 * @param holdTimeout how long clients' transactions may take to end once new ones are held
 * @param prove what is compared behind the fence
 * @param traffic who moves the clients
 * @param observe how long the way back stays open after the switch; zero: none is opened
 * @param monitoring what is looked at meanwhile
 */
public record CutoverConfig(
        Mode mode,
        Duration maxLag,
        Duration maxValidationAge,
        Duration lockTimeout,
        int lockTries,
        Duration drainTimeout,
        Duration holdTimeout,
        Prove prove,
        TrafficConfig traffic,
        Duration observe,
        MonitoringConfig monitoring) {

    /** Who starts it. */
    public enum Mode {
        MANUAL,
        AUTO
    }

    /** Whether changes flow back after the switch, so that it can be taken back. */
    public boolean keepsWayBack() {
        return !observe.isZero();
    }

    /** What is compared while clients wait. */
    public enum Prove {
        /** What changed since the last comparison, which runs before. */
        CHANGED,
        /** Every row: the wait grows with the tables. */
        ALL
    }
}
