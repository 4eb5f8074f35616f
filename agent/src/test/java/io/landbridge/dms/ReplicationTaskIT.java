package io.landbridge.dms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.change.TableId;
import io.landbridge.config.DmsConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.target.Documents;
import io.landbridge.testkit.PlayedDms;
import io.landbridge.testkit.Ports;
import io.landbridge.testkit.Servers;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.databasemigration.DatabaseMigrationClient;

/** A task's life, against moto's state of it. */
class ReplicationTaskIT {

    private static final List<TableId> TABLES =
            List.of(new TableId("public", "orders"), MarkerRow.TABLE);

    private static final ReplicationTask.Pause SHORTLY =
            millis -> {
                TimeUnit.MILLISECONDS.sleep(millis);
                return true;
            };

    private static PlayedDms dms;

    private Database target;
    private DmsClient client;

    @BeforeAll
    static void start() {
        dms = new PlayedDms();
    }

    @AfterAll
    static void stop() {
        dms.close();
    }

    @BeforeEach
    void freshTarget() {
        target = new Database(Servers.target().freshDatabase().config(), Side.TARGET);
    }

    @AfterEach
    void close() {
        dms.mend();
        client.close();
        target.close();
    }

    @Test
    void ourOwnIsMadeStartedStoppedGoneOnWithAndRemoved() throws Exception {
        ReplicationTask task = making("life_1");
        task.check();
        task.prepare(TABLES, SHORTLY);
        TaskState made = task.look();
        assertThat(made.identifier()).matches("landbridge-life-1-[0-9a-f]{8}");
        assertThat(made.mappings()).contains("orders", "dms[_]marker");
        assertThat(made.settings()).contains("\"BatchApplyEnabled\":false", "\"CommitRate\":7");
        assertThat(made.started()).isFalse();
        task.go(SHORTLY);
        assertThat(task.checkRunning().task().isRunning()).isTrue();
        task.halt(SHORTLY);
        assertThat(task.look().status()).isEqualTo("stopped");
        task.halt(SHORTLY);
        task.go(SHORTLY);
        task.remove(SHORTLY);
        task.remove(SHORTLY);
        assertThat(dms.tasks()).noneMatch(name -> name.contains("life-1"));
    }

    @Test
    void agentKilledBeforeItWroteTheArnDownFindsItsTask() throws Exception {
        making("orphan").prepare(TABLES, SHORTLY);
        String name = making("orphan").look().identifier();
        // As it is between the creation and the note.
        TaskNote.toBeMade(name).write(documents("orphan"));
        making("orphan").prepare(TABLES, SHORTLY);
        assertThat(dms.tasks()).filteredOn(task -> task.contains("orphan")).hasSize(1);
        // As it is before the creation.
        making("orphan").remove(SHORTLY);
        TaskNote.toBeMade("landbridge-orphan-again").write(documents("orphan"));
        making("orphan").prepare(TABLES, SHORTLY);
        assertThat(dms.tasks()).filteredOn(task -> task.contains("orphan-again")).hasSize(1);
        making("orphan").remove(SHORTLY);
        assertThat(dms.tasks()).noneMatch(task -> task.contains("orphan"));
    }

    @Test
    void onlyWhatWeMadeIsRemoved() throws Exception {
        String arn = dms.makeTask("theirs", "full-load-and-cdc", TableMappings.of(TABLES), "{}");
        ReplicationTask task = taking("given", arn);
        task.check();
        task.prepare(TABLES, SHORTLY);
        task.go(SHORTLY);
        task.remove(SHORTLY);
        assertThat(dms.tasks()).contains("theirs stopped");
    }

    @Test
    void givenTasksThatCannotBeTrustedAreRefused() {
        String load = dms.makeTask("load", "full-load", TableMappings.of(TABLES), "{}");
        assertFault(FaultCode.DMS_TASK, "full-load-and-cdc", taking("a", load)::check);
        String batches =
                dms.makeTask(
                        "batches",
                        "full-load-and-cdc",
                        TableMappings.of(TABLES),
                        "{\"TargetMetadata\": {\"BatchApplyEnabled\": true}}");
        assertFault(FaultCode.DMS_TASK, "in batches", taking("b", batches)::check);
        String fewer =
                dms.makeTask(
                        "fewer", "full-load-and-cdc", TableMappings.of(TABLES.subList(0, 1)), "{}");
        assertFault(
                FaultCode.DMS_TASK,
                "leave out [landbridge.dms_marker]",
                () -> taking("c", fewer).prepare(TABLES, SHORTLY));
        assertFault(
                FaultCode.DMS_TASK,
                "there is no replication task",
                taking("d", load.replace("load", "nowhere"))::check);
    }

    @Test
    void taskThatFailedIsToldAndGoesOnWhenItIsAskedTo() throws Exception {
        ReplicationTask task = making("failing");
        task.prepare(TABLES, SHORTLY);
        task.go(SHORTLY);
        dms.fail("the disk of the replication instance is full");
        assertFault(FaultCode.DMS_TASK, "replication instance is full", task::checkRunning);
        task.go(SHORTLY);
        assertThat(task.checkRunning().task().isRunning()).isTrue();
        task.halt(SHORTLY);
        assertFault(FaultCode.DMS_TASK, "somebody else stopped it", task::checkRunning);
        task.remove(SHORTLY);
    }

    @Test
    void whyAwsDoesNotAnswerIsTold() {
        ReplicationTask task = making("refused");
        dms.refuse("ExpiredTokenException");
        assertFault(FaultCode.DMS_REFUSED, "ExpiredTokenException", task::check);
        assertThatThrownBy(task::check)
                .satisfies(
                        fault ->
                                assertThat(((Fault) fault).hint())
                                        .contains("give the agent credentials that are valid"));
        dms.refuse("AccessDeniedFault");
        assertThatThrownBy(task::check)
                .satisfies(
                        fault ->
                                assertThat(((Fault) fault).hint())
                                        .contains("allow dms:DescribeReplicationTasks"));
        client.close();
        client = new DmsClient(config("http://127.0.0.1:" + Ports.free(), ""));
        assertFault(FaultCode.DMS_UNREACHABLE, "no answer from AWS", task("refused")::check);
    }

    @Test
    void latencyIsCloudWatchsNewestFigureIfThereIsOne() throws Exception {
        ReplicationTask task = making("latency");
        task.prepare(TABLES, SHORTLY);
        assertThat(task.latency()).isEmpty();
        try (DatabaseMigrationClient tasks =
                        DatabaseMigrationClient.builder()
                                .endpointOverride(URI.create(dms.url()))
                                .httpClient(UrlConnectionHttpClient.create())
                                .build();
                CloudWatchClient figures =
                        CloudWatchClient.builder()
                                .httpClient(UrlConnectionHttpClient.create())
                                .build()) {
            String instance =
                    tasks.createReplicationInstance(
                                    make ->
                                            make.replicationInstanceIdentifier("mover")
                                                    .replicationInstanceClass("dms.t3.micro"))
                            .replicationInstance()
                            .replicationInstanceArn();
            client.close();
            client = new DmsClient(config(dms.url(), instance));
            ReplicationTask measured = task("latency2");
            measured.prepare(TABLES, SHORTLY);
            String arn = measured.look().arn();
            put(figures, "CDCLatencySource", arn, 3);
            put(figures, "CDCLatencyTarget", arn, 4.2);
            assertThat(measured.latency().orElseThrow().source()).hasSeconds(3);
            assertThat(measured.latency().orElseThrow().longest()).hasSeconds(5);
            measured.remove(SHORTLY);
        }
        making("latency").remove(SHORTLY);
    }

    private static void put(CloudWatchClient figures, String name, String arn, double seconds) {
        MetricDatum figure =
                MetricDatum.builder()
                        .metricName(name)
                        .value(seconds)
                        // A whole minute, as DMS gives them; one that came this second isn't told.
                        .timestamp(Instant.now().minusSeconds(60))
                        .dimensions(
                                dimension("ReplicationInstanceIdentifier", "mover"),
                                dimension(
                                        "ReplicationTaskIdentifier",
                                        arn.substring(arn.lastIndexOf(':') + 1)))
                        .build();
        figures.putMetricData(put -> put.namespace("AWS/DMS").metricData(figure));
    }

    private static Dimension dimension(String name, String value) {
        return Dimension.builder().name(name).value(value).build();
    }

    private static void assertFault(FaultCode code, String text, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(Fault.class)
                .hasMessageContaining(text)
                .satisfies(fault -> assertThat(((Fault) fault).code()).isEqualTo(code))
                .satisfies(fault -> assertThat(((Fault) fault).hint()).isNotEmpty());
    }

    private ReplicationTask making(String migration) {
        client = new DmsClient(config(dms.url(), PlayedDms.INSTANCE));
        return task(migration);
    }

    private ReplicationTask task(String migration) {
        return new ReplicationTask(
                client, config(dms.url(), PlayedDms.INSTANCE), migration, documents(migration));
    }

    private ReplicationTask taking(String migration, String arn) {
        DmsConfig config =
                new DmsConfig(
                        "",
                        dms.url(),
                        arn,
                        "",
                        "",
                        "",
                        "",
                        Duration.ofMillis(50),
                        Duration.ofMinutes(1));
        client = new DmsClient(config);
        return new ReplicationTask(client, config, migration, documents(migration));
    }

    private Documents documents(String migration) {
        return new Documents(target, migration);
    }

    private static DmsConfig config(String endpoint, String instance) {
        return new DmsConfig(
                PlayedDms.REGION,
                endpoint,
                "",
                instance,
                PlayedDms.SOURCE,
                PlayedDms.TARGET,
                "{\"ChangeProcessingTuning\": {}, \"FullLoadSettings\": {\"CommitRate\": 7}}",
                Duration.ofMillis(50),
                Duration.ofMinutes(1));
    }
}
