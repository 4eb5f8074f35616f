package io.landbridge.config;

import java.time.Duration;

/**
 * Section {@code metrics}.
 *
 * @param interval how often figures that cost a query (slot retention, lag) are taken
 * @param retentionAlarmBytes WAL kept by our slot at which an alarm is raised
 */
public record MetricsConfig(Duration interval, long retentionAlarmBytes) {}
