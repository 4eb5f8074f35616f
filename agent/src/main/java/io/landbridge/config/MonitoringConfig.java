package io.landbridge.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Section {@code cutover.monitoring}: what is looked at after the switch.
 *
 * @param automaticRollback whether the traffic goes back by itself when a check fails
 * @param interval between two looks
 * @param failures in a row that count
 * @param maxLag most lag of the way back
 * @param maxErrorPercent most of the target's transactions between two looks that may have been
 *     rolled back, 0 to 100; 100: not looked at
 * @param query that must give true at the target; empty: none
 * @param command that must end with status 0; empty: none
 */
public record MonitoringConfig(
        boolean automaticRollback,
        Duration interval,
        int failures,
        Duration maxLag,
        int maxErrorPercent,
        String query,
        Path command) {}
