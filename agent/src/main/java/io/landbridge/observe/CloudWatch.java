package io.landbridge.observe;

import io.landbridge.config.MetricsConfig;
import io.landbridge.phase.MigrationControl;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.LoadTotals;
import io.landbridge.phase.MigrationStatus.ValidationResult;
import io.micrometer.cloudwatch2.CloudWatchConfig;
import io.micrometer.cloudwatch2.CloudWatchMeterRegistry;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Sends what alarms at CloudWatch are made of, every {@code metrics.interval}: few figures, because
 * each costs money there; {@code /metrics} has all. Dimension {@code Migration} is the migration's
 * name. What isn't known is not sent. Nothing of AWS is loaded unless a namespace is configured.
 */
public final class CloudWatch implements AutoCloseable {

    private static final double MEGABYTE = 1e6;

    private final MeterRegistry registry;
    private final MigrationControl control;
    private final Instant openedAt = Instant.now();
    private long loadedBefore = -1;

    private CloudWatch(MeterRegistry registry, MigrationControl control) {
        this.registry = registry;
        this.control = control;
        // Micrometer tells a meter's parts apart by a suffix; each of these has one part.
        registry.config()
                .namingConvention((name, type, unit) -> name.substring(0, name.lastIndexOf('.')));
        registry.config().commonTags("Migration", control.status().migration().name());
        gauge("MigrationProgress", "percent", CloudWatch::progress);
        gauge("ReplicationLag", "seconds", CloudWatch::lag);
        gauge("ValidationErrors", "count", CloudWatch::differences);
        gauge("ThroughputMBps", "megabytes/second", CloudWatch::throughput);
        FunctionCounter.builder("RowsReplicated", this, CloudWatch::rows)
                .baseUnit("count")
                .register(registry);
    }

    /**
     * Sends from now on. {@code metrics.cloudwatch.namespace} must not be empty.
     *
     * @throws io.landbridge.fault.Fault CONFIG_INVALID when it isn't known which region
     */
    public static CloudWatch start(MetricsConfig config, MigrationControl control) {
        return new CloudWatch(
                new CloudWatchMeterRegistry(
                        new Settings(config.cloudwatchNamespace(), config.interval()),
                        Clock.SYSTEM,
                        CloudWatchSender.open(config.awsRegion())),
                control);
    }

    /** What Micrometer asks for; the rest is as it has it. */
    private record Settings(String namespace, Duration step) implements CloudWatchConfig {
        @Override
        public String get(String key) {
            return null;
        }
    }

    private void gauge(String name, String unit, ToDoubleFunction<MigrationStatus> read) {
        Gauge.builder(name, control, asked -> read.applyAsDouble(asked.status()))
                .baseUnit(unit)
                .register(registry);
    }

    /** Of the load, in percent; all of it once the stream is followed. */
    private static double progress(MigrationStatus status) {
        LoadTotals load = status.load();
        if (load.tables() > 0 && load.tables() == load.tablesLoaded()) {
            return 100;
        }
        return load.rowsEstimated() == 0
                ? 0
                : Math.min(99, 100.0 * load.rows() / load.rowsEstimated());
    }

    private static double lag(MigrationStatus status) {
        Optional<Duration> lag = status.apply().lag();
        return lag.map(time -> time.toMillis() / 1000.0).orElse(Double.NaN);
    }

    private static double differences(MigrationStatus status) {
        Optional<Long> found = status.validation().map(ValidationResult::differences);
        return found.map(Long::doubleValue).orElse(Double.NaN);
    }

    private static double throughput(MigrationStatus status) {
        return status.load().bytesPerSecond() / MEGABYTE;
    }

    /** Copied and applied since this agent started: what an earlier one copied is not ours. */
    private synchronized double rows() {
        MigrationStatus status = control.status();
        LoadTotals load = status.load();
        if (loadedBefore < 0 && load.tables() > 0) {
            boolean ours = !status.stage().startedAt().isBefore(openedAt);
            loadedBefore = ours ? 0 : load.rows();
        }
        long loaded = loadedBefore < 0 ? 0 : load.rows() - loadedBefore;
        return loaded + status.apply().changes();
    }

    /** Sends once more, and ends. */
    @Override
    public void close() {
        registry.close();
    }
}
