package io.landbridge.config;

import java.time.Duration;

/**
 * Section {@code metrics}.
 *
 * @param interval how often figures that cost a query (slot retention, lag) are taken
 * @param retentionAlarmBytes WAL kept by our slot at which an alarm is raised
 * @param cloudwatchNamespace CloudWatch's namespace; empty: nothing is sent there
 * @param awsRegion where CloudWatch is; empty: as the machine's own configuration says
 */
public record MetricsConfig(
        Duration interval,
        long retentionAlarmBytes,
        String cloudwatchNamespace,
        String awsRegion) {}
