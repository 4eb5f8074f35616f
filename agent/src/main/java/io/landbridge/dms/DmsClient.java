package io.landbridge.dms;

import io.landbridge.change.TableId;
import io.landbridge.config.DmsConfig;
import io.landbridge.fault.Closing;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.databasemigration.DatabaseMigrationClient;
import software.amazon.awssdk.services.databasemigration.model.Filter;
import software.amazon.awssdk.services.databasemigration.model.ReplicationTask;
import software.amazon.awssdk.services.databasemigration.model.ResourceNotFoundException;
import software.amazon.awssdk.services.databasemigration.model.StartReplicationTaskTypeValue;
import software.amazon.awssdk.services.databasemigration.model.TableStatistics;
import software.amazon.awssdk.services.databasemigration.model.Tag;

/**
 * The few calls to DMS, and the one to CloudWatch, that a migration needs. Connects at the first
 * call. Thread-safe.
 */
public final class DmsClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LATENCY_WINDOW = Duration.ofMinutes(10);
    private static final int MINUTE = 60;
    private static final int REGION_IN_ARN = 3;

    private final DmsConfig config;
    private SdkHttpClient http;
    private DatabaseMigrationClient dms;
    private CloudWatchClient cloudWatch;

    public DmsClient(DmsConfig config) {
        this.config = config;
    }

    /** The task of that ARN; empty when there is none. */
    Optional<TaskState> byArn(String arn) {
        return find("replication-task-arn", arn);
    }

    /** The task of that name; empty when there is none. */
    Optional<TaskState> byIdentifier(String identifier) {
        return find("replication-task-id", identifier);
    }

    private Optional<TaskState> find(String filter, String value) {
        return AwsFaults.during(
                "dms:DescribeReplicationTasks",
                () -> {
                    try {
                        return dms()
                                .describeReplicationTasks(ask -> ask.filters(filter(filter, value)))
                                .replicationTasks()
                                .stream()
                                .map(DmsClient::state)
                                .findFirst();
                    } catch (ResourceNotFoundException e) {
                        return Optional.empty();
                    }
                });
    }

    /** Makes a task that loads and follows; it isn't ready when this returns. */
    TaskState create(String identifier, String mappings, String settings, String migration) {
        return AwsFaults.during(
                "dms:CreateReplicationTask",
                () ->
                        state(
                                dms().createReplicationTask(
                                                task ->
                                                        task.replicationTaskIdentifier(identifier)
                                                                .replicationInstanceArn(
                                                                        config
                                                                                .replicationInstanceArn())
                                                                .sourceEndpointArn(
                                                                        config.sourceEndpointArn())
                                                                .targetEndpointArn(
                                                                        config.targetEndpointArn())
                                                                .migrationType("full-load-and-cdc")
                                                                .tableMappings(mappings)
                                                                .replicationTaskSettings(settings)
                                                                .tags(
                                                                        Tag.builder()
                                                                                .key("landbridge")
                                                                                .value(migration)
                                                                                .build()))
                                        .replicationTask()));
    }

    /**
     * Starts the task, which takes a while.
     *
     * @param again whether it goes on where it stopped
     */
    void start(String arn, boolean again) {
        AwsFaults.during(
                "dms:StartReplicationTask",
                () ->
                        dms().startReplicationTask(
                                        start ->
                                                start.replicationTaskArn(arn)
                                                        .startReplicationTaskType(
                                                                again
                                                                        ? StartReplicationTaskTypeValue
                                                                                .RESUME_PROCESSING
                                                                        : StartReplicationTaskTypeValue
                                                                                .START_REPLICATION)));
    }

    /** Asks the task to stop, which takes a while. */
    void stop(String arn) {
        AwsFaults.during(
                "dms:StopReplicationTask",
                () -> dms().stopReplicationTask(stop -> stop.replicationTaskArn(arn)));
    }

    /** Asks for the task's removal, which takes a while; one that is gone is no fault. */
    void delete(String arn) {
        AwsFaults.during(
                "dms:DeleteReplicationTask",
                () -> {
                    try {
                        return Optional.of(
                                dms().deleteReplicationTask(
                                                delete -> delete.replicationTaskArn(arn)));
                    } catch (ResourceNotFoundException e) {
                        return Optional.empty();
                    }
                });
    }

    /** What DMS counts of each table; empty while it knows none. */
    List<TableStatistic> tables(String arn) {
        return AwsFaults.during(
                "dms:DescribeTableStatistics",
                () ->
                        dms()
                                .describeTableStatisticsPaginator(
                                        ask -> ask.replicationTaskArn(arn))
                                .stream()
                                .flatMap(page -> page.tableStatistics().stream())
                                .map(DmsClient::statistic)
                                .toList());
    }

    /** The newest figures that CloudWatch has; empty when it has none of the last minutes. */
    Optional<Latency> latency(TaskState task) {
        Optional<String> instance = instanceName(task.instanceArn());
        if (instance.isEmpty()) {
            return Optional.empty();
        }
        Optional<Datapoint> source = newest("CDCLatencySource", instance.get(), task.arn());
        Optional<Datapoint> target = newest("CDCLatencyTarget", instance.get(), task.arn());
        if (source.isEmpty() || target.isEmpty()) {
            return Optional.empty();
        }
        Instant older =
                source.get().timestamp().isBefore(target.get().timestamp())
                        ? source.get().timestamp()
                        : target.get().timestamp();
        return Optional.of(new Latency(seconds(source.get()), seconds(target.get()), older));
    }

    private Optional<String> instanceName(String arn) {
        return AwsFaults.during(
                "dms:DescribeReplicationInstances",
                () -> {
                    try {
                        return dms()
                                .describeReplicationInstances(
                                        ask -> ask.filters(filter("replication-instance-arn", arn)))
                                .replicationInstances()
                                .stream()
                                .map(instance -> instance.replicationInstanceIdentifier())
                                .findFirst();
                    } catch (ResourceNotFoundException e) {
                        return Optional.empty();
                    }
                });
    }

    private Optional<Datapoint> newest(String metric, String instance, String taskArn) {
        Instant now = Instant.now();
        return AwsFaults.during(
                "cloudwatch:GetMetricStatistics",
                () ->
                        cloudWatch()
                                .getMetricStatistics(
                                        ask ->
                                                ask.namespace("AWS/DMS")
                                                        .metricName(metric)
                                                        .dimensions(
                                                                dimension(
                                                                        "ReplicationInstanceIdentifier",
                                                                        instance),
                                                                dimension(
                                                                        "ReplicationTaskIdentifier",
                                                                        lastPart(taskArn)))
                                                        .startTime(now.minus(LATENCY_WINDOW))
                                                        .endTime(now)
                                                        .period(MINUTE)
                                                        .statistics(Statistic.MAXIMUM))
                                .datapoints()
                                .stream()
                                .max(Comparator.comparing(Datapoint::timestamp)));
    }

    private static Duration seconds(Datapoint point) {
        return Duration.ofSeconds((long) Math.ceil(point.maximum()));
    }

    private static Dimension dimension(String name, String value) {
        return Dimension.builder().name(name).value(value).build();
    }

    private static Filter filter(String name, String value) {
        return Filter.builder().name(name).values(value).build();
    }

    private static String lastPart(String arn) {
        return arn.substring(arn.lastIndexOf(':') + 1);
    }

    private static TaskState state(ReplicationTask task) {
        var statistics = Optional.ofNullable(task.replicationTaskStats());
        return new TaskState(
                task.replicationTaskArn(),
                task.replicationTaskIdentifier(),
                task.replicationInstanceArn(),
                task.status(),
                task.migrationTypeAsString(),
                Objects.requireNonNullElse(task.tableMappings(), ""),
                Objects.requireNonNullElse(task.replicationTaskSettings(), ""),
                task.replicationTaskStartDate() != null,
                Objects.requireNonNullElse(task.stopReason(), ""),
                Objects.requireNonNullElse(task.lastFailureMessage(), ""),
                statistics.map(known -> count(known.fullLoadProgressPercent())).orElse(0),
                statistics.map(known -> count(known.tablesErrored())).orElse(0));
    }

    private static TableStatistic statistic(TableStatistics table) {
        return new TableStatistic(
                new TableId(table.schemaName(), table.tableName()),
                Objects.requireNonNullElse(table.tableState(), ""),
                count(table.fullLoadRows()),
                count(table.fullLoadErrorRows()),
                count(table.inserts()) + count(table.updates()) + count(table.deletes()));
    }

    private static int count(Integer value) {
        return value == null ? 0 : value;
    }

    private static long count(Long value) {
        return value == null ? 0 : value;
    }

    private synchronized DatabaseMigrationClient dms() {
        if (dms == null) {
            dms = configured(DatabaseMigrationClient.builder().httpClient(http()));
        }
        return dms;
    }

    private synchronized CloudWatchClient cloudWatch() {
        if (cloudWatch == null) {
            cloudWatch = configured(CloudWatchClient.builder().httpClient(http()));
        }
        return cloudWatch;
    }

    private SdkHttpClient http() {
        if (http == null) {
            http = UrlConnectionHttpClient.create();
        }
        return http;
    }

    private <C, B extends AwsClientBuilder<B, C>> C configured(B builder) {
        if (!config.endpoint().isEmpty()) {
            builder.endpointOverride(URI.create(config.endpoint()));
        }
        String region =
                config.region().isEmpty()
                        ? config.anyArn().split(":", -1)[REGION_IN_ARN]
                        : config.region();
        return builder.region(Region.of(region))
                .overrideConfiguration(override -> override.apiCallTimeout(PATIENCE))
                .build();
    }

    /** Lets the connections go; the next call makes new ones. */
    @Override
    public synchronized void close() {
        DatabaseMigrationClient openDms = dms;
        CloudWatchClient openCloudWatch = cloudWatch;
        SdkHttpClient openHttp = http;
        dms = null;
        cloudWatch = null;
        http = null;
        Closing.all(openDms, openCloudWatch, openHttp);
    }
}
