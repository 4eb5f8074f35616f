package io.landbridge.cutover;

import java.time.Duration;

/**
 * Those who write, and how they are moved.
 *
 * @param driver holds them, points them over, lets them go
 * @param holdTimeout for their transactions in flight to end when they are held
 * @param probe feels what they feel
 */
public record Clients(TrafficDriver driver, Duration holdTimeout, Probe probe) {}
