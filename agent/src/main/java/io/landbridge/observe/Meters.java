package io.landbridge.observe;

import io.landbridge.capture.ConnectorStatus;
import io.landbridge.cutover.ClientPause;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.ConnectorState;
import io.landbridge.phase.MigrationStatus.Slot;
import io.landbridge.phase.MigrationStatus.TableState;
import io.landbridge.phase.MigrationStatus.ValidationResult;
import io.landbridge.phase.Phase;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The status as metrics, in any registry. All meters read one snapshot, so that figures belong
 * together and no room is asked anything. What isn't known is NaN. {@code agent/docs/operations.md}
 * lists all, and a test holds it to this.
 */
public final class Meters implements AutoCloseable {

    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> meters = new ArrayList<>();
    private final MultiGauge tableRows;
    private final MultiGauge tableChanges;
    private volatile MigrationStatus latest;

    private Meters(MigrationStatus status, MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
        this.latest = status;
        tableRows = perTable("landbridge.table.rows.loaded", "rows copied, by table");
        tableChanges = perTable("landbridge.table.changes.applied", "changes applied, by table");
        addStage();
        addLoad();
        addStream();
        addSlot();
        addProof();
        addClients();
    }

    /** In a registry of the agent's own. */
    static Meters alone(MigrationStatus status, MeterRegistry registry) {
        return new Meters(status, registry, Tags.empty());
    }

    /** In an application's registry, each with tag {@code migration}. */
    public static Meters of(MigrationStatus status, MeterRegistry registry) {
        return new Meters(status, registry, Tags.of("migration", status.migration().name()));
    }

    /** What all meters show from now on; for one thread at a time. */
    public void take(MigrationStatus status) {
        latest = status;
        tableRows.register(
                latest.tables().stream().map(table -> row(table, table.rows())).toList(), true);
        tableChanges.register(
                latest.tables().stream().map(table -> row(table, table.changes())).toList(), true);
    }

    private static MultiGauge.Row<Number> row(MigrationStatus.TableProgress table, long value) {
        return MultiGauge.Row.of(
                Tags.of("schema", table.table().schema(), "table", table.table().name()), value);
    }

    private void addStage() {
        for (Phase phase : Phase.values()) {
            gauge(
                    "landbridge.phase",
                    "1 for the phase the migration is in",
                    status -> is(status.stage().phase().equals(phase.name())),
                    "phase",
                    phase.name());
        }
        gauge("landbridge.paused", "1 when paused", status -> is(status.stage().paused()));
        gauge("landbridge.leader", "1 when it leads", status -> is(status.migration().leader()));
        gauge(
                "landbridge.crew.others",
                "agents that follow this one",
                status -> status.crew().others().size());
        gauge(
                "landbridge.crew.lanes",
                "lanes of the apply work that are dealt to this agent",
                status -> status.crew().lanes().size());
        counter(
                "landbridge.crew.rebalances",
                "how often lanes were dealt anew since this agent came",
                status -> status.crew().rebalances());
        counter(
                "landbridge.crew.rows",
                "rows this agent has written for one that leads",
                status -> status.crew().rows());
        gauge(
                "landbridge.crew.lag.records",
                "records of the stream's topic that this agent, following, has not read yet",
                status -> number(status.crew().lagRecords()));
        for (FaultCode code : FaultCode.values()) {
            counter(
                    "landbridge.faults",
                    "faults met since this agent started",
                    status -> status.faultCounts().getOrDefault(code.name(), 0L),
                    "code",
                    code.name());
        }
        gauge("landbridge.faults.active", "what is wrong now", status -> status.faults().size());
    }

    private void addLoad() {
        for (TableState state : TableState.values()) {
            gauge(
                    "landbridge.tables",
                    "tables by state",
                    status ->
                            status.tables().stream()
                                    .filter(table -> table.state() == state)
                                    .count(),
                    "state",
                    state.name());
        }
        counter("landbridge.rows.loaded", "rows copied", status -> status.load().rows());
        counter("landbridge.bytes.loaded", "bytes copied", status -> status.load().bytes());
        gauge(
                "landbridge.rows.estimated",
                "rows that will have been copied, about",
                status -> status.load().rowsEstimated());
    }

    private void addStream() {
        gauge(
                "landbridge.capture.up",
                "1 while the source's log is read",
                status -> is(status.capture().state().equals("STREAMING")));
        gauge(
                "landbridge.capture.lag.bytes",
                "log written at the source and not read yet",
                status -> number(status.capture().lagBytes()));
        counter(
                "landbridge.capture.restarts",
                "restarts of the capture engine",
                status -> status.capture().restarts());
        addConnector();
        counter(
                "landbridge.changes.captured",
                "changes read from the source's log",
                status -> status.capture().changes());
        counter(
                "landbridge.transactions.captured",
                "transactions read from the source's log",
                status -> status.capture().transactions());
        gauge(
                "landbridge.buffer.depth.events",
                "events captured and not applied yet",
                status -> status.buffer().events());
        gauge(
                "landbridge.buffer.bytes",
                "the buffer's size on disk",
                status -> status.buffer().bytes());
        gauge(
                "landbridge.buffer.limit.bytes",
                "the size at which capture waits",
                status -> status.buffer().maxBytes());
        gauge(
                "landbridge.buffer.full",
                "1 while capture waits for room in the buffer",
                status -> is(status.buffer().full()));
        addApply();
    }

    private void addConnector() {
        for (ConnectorStatus.State state : ConnectorStatus.State.values()) {
            gauge(
                    "landbridge.connector.state",
                    "1 for the state of our connector at Kafka Connect",
                    status ->
                            is(
                                    status.capture()
                                            .connector()
                                            .filter(it -> it.state().equals(state.name()))
                                            .isPresent()),
                    "state",
                    state.name());
        }
        counter(
                "landbridge.connector.task.restarts",
                "how often the connector's task was started again after it had ended",
                status -> status.capture().connector().map(ConnectorState::restarts).orElse(0L));
        gauge(
                "landbridge.connector.lag.records",
                "records that the connector has written and the agent has not read",
                status -> number(status.capture().connector().flatMap(ConnectorState::lagRecords)));
        gauge(
                "landbridge.connector.lag.bytes",
                "about how many bytes these are",
                status -> number(status.capture().connector().flatMap(ConnectorState::lagBytes)));
    }

    private void addApply() {
        gauge(
                "landbridge.replication.lag.seconds",
                "age of the last applied commit while there is more to apply",
                status -> seconds(status.apply().lag()));
        gauge(
                "landbridge.replication.lag.bytes",
                "log written at the source and not applied yet",
                status -> number(status.apply().lagBytes()));
        counter(
                "landbridge.changes.applied",
                "source changes that are in the target",
                status -> status.apply().changes());
        counter(
                "landbridge.net.changes.applied",
                "rows written for them, after folding",
                status -> status.apply().batches().netChanges());
        counter(
                "landbridge.transactions.applied",
                "source transactions that are in the target",
                status -> status.apply().transactions());
        counter(
                "landbridge.batches.applied",
                "batches committed",
                status -> status.apply().batches().count());
        counter(
                "landbridge.batches.in.order",
                "batches that went through one connection in the source's order",
                status -> status.apply().inOrder());
        gauge(
                "landbridge.batch.last.changes",
                "source changes in the newest batch",
                status -> status.apply().batches().lastChanges());
        gauge(
                "landbridge.batch.last.seconds",
                "how long the newest batch took",
                status -> status.apply().batches().lastMillis() / 1000);
        counter("landbridge.retries", "batches tried again", status -> status.apply().retries());
    }

    private void addSlot() {
        gauge(
                "landbridge.slot.retained.bytes",
                "log that the source keeps for us",
                status -> number(status.slot().map(Slot::retainedBytes)));
        gauge(
                "landbridge.slot.safe.bytes",
                "log that may still come before the source drops what we need",
                status -> number(status.slot().flatMap(Slot::safeBytesLeft)));
        gauge(
                "landbridge.slot.time.left.seconds",
                "time until then, at the present rate",
                status -> seconds(status.slot().flatMap(Slot::timeLeft)));
        gauge(
                "landbridge.slot.alarm",
                "1 when metrics.retention-alarm is reached",
                status -> is(status.slot().map(Slot::alarm).orElse(false)));
    }

    private void addProof() {
        gauge(
                "landbridge.validation.clean",
                "1 when the newest finished validation found no difference",
                status ->
                        status.validation()
                                .filter(result -> result.endedAt().isPresent())
                                .map(result -> is(result.outcome().equals("CLEAN")))
                                .orElse(Double.NaN));
        gauge(
                "landbridge.validation.differences",
                "rows that differ, by the newest validation",
                status -> number(status.validation().map(ValidationResult::differences)));
        gauge(
                "landbridge.validation.end.timestamp.seconds",
                "when the newest validation ended",
                status ->
                        number(
                                status.validation()
                                        .flatMap(ValidationResult::endedAt)
                                        .map(Instant::getEpochSecond)));
        gauge(
                "landbridge.cutover.ready",
                "1 when nothing speaks against a cutover",
                status ->
                        is(
                                status.stage().phase().equals(Phase.CDC.name())
                                        && status.cutover().notReady().isEmpty()));
    }

    private void addClients() {
        gauge(
                "landbridge.client.pause.seconds",
                "longest wait that the probe met in the last cutover or rollback",
                status -> seconds(status.cutover().clients().map(ClientPause::longest)));
        gauge(
                "landbridge.client.failures",
                "questions of the probe that failed in the last cutover or rollback",
                status -> number(status.cutover().clients().map(ClientPause::failures)));
    }

    private MultiGauge perTable(String name, String help) {
        return MultiGauge.builder(name).description(help).tags(tags).register(registry);
    }

    private void gauge(
            String name, String help, ToDoubleFunction<MigrationStatus> read, String... more) {
        meters.add(
                Gauge.builder(name, this, all -> read.applyAsDouble(all.latest))
                        .description(help)
                        .tags(tags.and(more))
                        .register(registry));
    }

    private void counter(
            String name, String help, ToDoubleFunction<MigrationStatus> read, String... more) {
        meters.add(
                FunctionCounter.builder(name, this, all -> read.applyAsDouble(all.latest))
                        .description(help)
                        .tags(tags.and(more))
                        .register(registry));
    }

    private static double is(boolean condition) {
        return condition ? 1 : 0;
    }

    private static double number(Optional<Long> value) {
        return value.map(Long::doubleValue).orElse(Double.NaN);
    }

    private static double seconds(Optional<Duration> value) {
        Function<Duration, Double> read = duration -> duration.toMillis() / 1000.0;
        return value.map(read).orElse(Double.NaN);
    }

    /** Takes its meters out of the registry. */
    @Override
    public void close() {
        tableRows.register(List.of(), true);
        tableChanges.register(List.of(), true);
        meters.forEach(registry::remove);
    }
}
