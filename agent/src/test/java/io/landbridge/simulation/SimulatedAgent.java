package io.landbridge.simulation;

import io.landbridge.apply.Applier;
import io.landbridge.apply.ApplierStatus;
import io.landbridge.apply.SourceRows;
import io.landbridge.buffer.ChronicleBuffer;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.config.ApplyConfig;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.offsets.WorkerProgress;
import io.landbridge.schema.PostgresCatalogue;
import io.landbridge.schema.Table;
import io.landbridge.target.PostgresDestination;
import io.landbridge.target.TableStates;
import io.landbridge.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One life of an agent, from its start to its death: the real buffer and applier, fed from the
 * simulated source by the caller's thread.
 */
final class SimulatedAgent implements AutoCloseable {

    static final String MIGRATION = "simulated";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SimulatedSource source;
    private final Random random;
    private final Fate fate;
    private final FatefulProxy proxy;
    private final Database target;
    private final ChronicleBuffer buffer;
    private final Consumer<SourcePosition> forced;
    private final Applier applier;
    private final Lsn applied;

    /**
     * @param forced called with what the source may forget
     * @param committed called after each batch
     */
    SimulatedAgent(
            SimulatedSource source,
            Random random,
            Fate fate,
            DatabaseConfig directTarget,
            Path directory,
            ApplyConfig config,
            SourceRows sourceRows,
            Optional<SourcePosition> convergeThrough,
            Consumer<SourcePosition> forced,
            Consumer<SourcePosition> committed) {
        this.source = source;
        this.random = random;
        this.fate = fate;
        this.forced = forced;
        ProgressStore progress = new ProgressStore(MIGRATION, "forward");
        Map<TableId, Table> tables;
        try (Database direct = new Database(directTarget, Side.TARGET)) {
            applied = (Lsn) applied(direct, progress);
            tables =
                    PostgresCatalogue.read(direct, new TablesConfig(List.of("public.*"), List.of()))
                            .stream()
                            .collect(Collectors.toMap(Table::id, Function.identity()));
        }
        proxy = new FatefulProxy(directTarget, fate);
        target = new Database(proxy.config(), Side.TARGET);
        buffer = new ChronicleBuffer(directory, 64L << 20, "FAST_HOURLY");
        applier =
                new Applier(
                        new PostgresDestination(target),
                        buffer,
                        config,
                        progress,
                        new TableStates(MIGRATION),
                        tables,
                        sourceRows);
        applier.addCommitListener(committed);
        convergeThrough.filter(position -> position.isAfter(applied)).ifPresent(this::converge);
        applier.start();
    }

    private void converge(SourcePosition position) {
        CompletableFuture<Void> unused =
                applier.convergeThrough(position).thenRun(applier::release);
    }

    static SourcePosition applied(Database target, ProgressStore progress) {
        return target.with("reading the progress", progress::read).stream()
                .map(WorkerProgress::position)
                .min(SourcePosition::compareTo)
                .orElseThrow();
    }

    ApplierStatus status() {
        return applier.status();
    }

    /**
     * Streams the source's transactions after {@code confirmed}, and waits until all are applied.
     *
     * @param streamed told the number of transactions that the source has given
     * @return false when the agent died before that
     */
    boolean run(SourcePosition confirmed, Consumer<Integer> streamed) {
        try {
            SourcePosition covered = buffer.last().orElse(applied);
            if (applied.isAfter(covered)) {
                covered = applied;
            }
            for (int i = 0; i < source.log().size(); i++) {
                SimulatedSource.Transaction transaction = source.log().get(i);
                if (!transaction.end().isAfter(confirmed)) {
                    continue;
                }
                streamed.accept(i + 1);
                if (transaction.end().isAfter(covered)) {
                    append(transaction, covered);
                    covered = transaction.end();
                }
                if (random.nextInt(10) == 0) {
                    flush();
                    awaitApplied(source.log().get(Math.max(0, i - random.nextInt(10))).end());
                }
            }
            flush();
            awaitApplied(source.log().get(source.log().size() - 1).end());
            return !fate.isDead();
        } catch (Fate.Died e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void append(SimulatedSource.Transaction transaction, SourcePosition previous)
            throws InterruptedException {
        fate.step();
        buffer.append(new SourceEvent.Begin(transaction.id(), previous));
        for (SourceEvent event : transaction.events()) {
            if (random.nextInt(20) == 0) {
                fate.step();
            }
            if (random.nextInt(100) == 0) {
                flush();
            }
            buffer.append(event);
        }
        if (random.nextInt(3) == 0) {
            flush();
        }
    }

    private void flush() {
        fate.step();
        buffer.flush();
        if (random.nextInt(3) == 0) {
            fate.step();
            Optional<SourcePosition> safe = buffer.force();
            fate.step();
            safe.ifPresent(forced);
        }
    }

    private void awaitApplied(SourcePosition position) {
        Await.until(
                "applied " + position.text(),
                PATIENCE,
                () -> {
                    ApplierStatus status = applier.status();
                    if (status.state() == ApplierStatus.State.FAILED) {
                        throw new AssertionError("the applier failed", status.fault().orElse(null));
                    }
                    if (!status.stopped().isEmpty()) {
                        throw new AssertionError("stopped: " + status.stopped());
                    }
                    return fate.isDead()
                            || status.applied().filter(at -> at.covers(position)).isPresent();
                });
    }

    /** The agent's process is gone: nothing of it reaches the target any more. */
    void vanish() {
        proxy.close();
        applier.close();
    }

    /** Lets go of what a dead process would not hold either. */
    @Override
    public void close() {
        vanish();
        buffer.close();
        target.close();
    }
}
