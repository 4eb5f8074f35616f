package io.landbridge.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.config.TablesConfig;
import io.landbridge.config.ValidationConfig.Mode;
import io.landbridge.cutover.CutoverRecord.Status;
import io.landbridge.schema.Counters;
import io.landbridge.schema.Sequences;
import io.landbridge.schema.Table;
import io.landbridge.source.LockPatience;
import io.landbridge.source.PostgresFence;
import io.landbridge.target.Documents;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.NastyTransactions;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import io.landbridge.validate.Pipeline;
import io.landbridge.validate.ValidationOptions;
import io.landbridge.validate.ValidationReport;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cutovers of real streams between real servers. */
class CutoverIT {

    private static final String SMALL =
            """
            CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text);
            CREATE SEQUENCE down INCREMENT -3 MINVALUE -100 MAXVALUE 9 START 9 CYCLE;
            """;

    private final TestDatabase sourceDatabase = Servers.source().freshDatabase();
    private final TestDatabase targetDatabase = Servers.target().freshDatabase();
    private final AtomicReference<ValidationReport> report = new AtomicReference<>();

    @TempDir Path directory;

    private Cutover cutover(Pipeline pipeline) {
        return cutover(
                pipeline,
                new TargetJournal(new Documents(pipeline.target, "test")),
                TrafficDriver.NONE);
    }

    private Cutover cutover(Pipeline pipeline, CutoverJournal journal, TrafficDriver driver) {
        CutoverSite site =
                new CutoverSite(
                        new Readiness(),
                        fence(pipeline),
                        pipeline.tables.stream().map(Table::id).toList(),
                        new LockPatience(Duration.ofMillis(500), 6),
                        pipeline.log::emitMarker,
                        new ApplierDrain(pipeline.applier),
                        Duration.ofSeconds(60),
                        new StandingProof(
                                () ->
                                        Sequences.read(
                                                pipeline.source,
                                                new TablesConfig(List.of("*.*"), List.of()),
                                                pipeline.tables),
                                Counters.of(pipeline.target),
                                () ->
                                        pipeline.validation(
                                                        new ValidationOptions(
                                                                Mode.FULL, 0, 2, 100, 200_000))
                                                .runStanding(Map.of()),
                                report::set),
                        ReversePath.NONE,
                        new Clients(driver, Duration.ofSeconds(10), Probe.NONE));
        return new Cutover("cutover", ForwardSteps.of(site), journal, Clock.systemUTC());
    }

    private static PostgresFence fence(Pipeline pipeline) {
        return new PostgresFence(pipeline.source, pipeline.log);
    }

    private Pipeline small() {
        sourceDatabase.execute(SMALL);
        targetDatabase.execute(SMALL);
        Pipeline pipeline = new Pipeline(sourceDatabase, targetDatabase, directory);
        sourceDatabase.execute(
                "INSERT INTO t (v) SELECT i::text FROM generate_series(1, 100) i",
                "SELECT nextval('down') FROM generate_series(1, 5)");
        return pipeline;
    }

    @Test
    void movesWritersOverWithoutLosingAWrite() throws Exception {
        sourceDatabase.execute(resource("schema.sql"));
        targetDatabase.execute(resource("schema.sql"));
        try (Pipeline pipeline = new Pipeline(sourceDatabase, targetDatabase, directory)) {
            sourceDatabase.execute("SET landbridge.rows = '200'; " + resource("populate.sql"));
            try (Workload workload =
                    Workload.start(sourceDatabase.config(), NastyTransactions.all(), 4, 40, 7)) {
                workload.holdWhenRefused("25006"::equals);
                Await.until(
                        "clients have written",
                        Duration.ofMinutes(2),
                        () -> workload.ledger().commits() > 100);
                CutoverRecord record = cutover(pipeline).run();
                assertThat(record.status()).as(record.toString()).isEqualTo(Status.DONE);
                RowsOf.assertEqual(sourceDatabase, targetDatabase);
                long before = workload.ledger().commits();
                workload.switchTo(targetDatabase.config());
                workload.release();
                Await.until(
                        "clients write to the target",
                        Duration.ofMinutes(2),
                        () -> workload.ledger().commits() > before + 50);
                workload.stop();
                workload.ledger().assertReceiptsIn(targetDatabase);
            }
        }
    }

    @Test
    void setsSequencesAndLeavesTheSourceFenced() {
        try (Pipeline pipeline = small()) {
            CutoverRecord record = cutover(pipeline).run();
            assertThat(record.status()).as(record.toString()).isEqualTo(Status.DONE);
            assertThat(report.get().comparedRows()).isEqualTo(100);
            assertThat(record.step("DRAIN").facts()).containsKey("position");
            assertThatThrownBy(() -> sourceDatabase.execute("DELETE FROM t"))
                    .hasMessageContaining("read-only");
            assertThat(targetDatabase.value("INSERT INTO t (v) VALUES ('new') RETURNING id"))
                    .isEqualTo("101");
            assertThat(targetDatabase.value("SELECT nextval('down')"))
                    .isEqualTo(sourceDatabase.value("SELECT nextval('down')"));
            assertThat(new TargetJournal(new Documents(pipeline.target, "test")).read())
                    .contains(record);
            fence(pipeline).lift();
        }
    }

    @Test
    void isUndoneWhenAWriterDoesNotEnd() throws Exception {
        try (Pipeline pipeline = small();
                Connection writer = sourceDatabase.connect();
                Statement statement = writer.createStatement()) {
            pipeline.catchUp();
            fence(pipeline)
                    .arm(
                            pipeline.tables.stream().map(Table::id).toList(),
                            new LockPatience(Duration.ofMillis(500), 20));
            writer.setAutoCommit(false);
            statement.execute("UPDATE t SET v = 'slow' WHERE id = 1");
            CutoverRecord record = cutover(pipeline).run();
            assertThat(record.status()).isEqualTo(Status.UNDONE);
            assertThat(record.failure().orElseThrow())
                    .contains("SOURCE_LOCK_TIMEOUT", "idle in transaction");
            writer.commit();
            sourceDatabase.execute("INSERT INTO t (v) VALUES ('goes on')");
            pipeline.catchUp();
            RowsOf.assertEqual(sourceDatabase, targetDatabase);
            assertThat(cutover(pipeline).run().status()).isEqualTo(Status.DONE);
        }
    }

    @Test
    void isUndoneWhenBothSidesDiffer() {
        try (Pipeline pipeline = small()) {
            pipeline.catchUp();
            targetDatabase.execute("UPDATE t SET v = 'bent' WHERE id = 50");
            CutoverRecord record = cutover(pipeline).run();
            assertThat(record.status()).isEqualTo(Status.UNDONE);
            assertThat(record.failure().orElseThrow()).contains("VALIDATION_FAILED", "public.t");
            assertThat(report.get().differences()).isEqualTo(1);
            sourceDatabase.execute("UPDATE t SET v = 'mended' WHERE id = 50");
            pipeline.catchUp();
            RowsOf.assertEqual(sourceDatabase, targetDatabase);
        }
    }

    private static final class Killed extends Error {}

    /** A journal whose agent is killed at one of its writes. */
    private record Deadly(CutoverJournal journal, AtomicInteger writesLeft)
            implements CutoverJournal {
        @Override
        public Optional<CutoverRecord> read() {
            return journal.read();
        }

        @Override
        public void write(CutoverRecord record) {
            journal.write(record);
            if (writesLeft.getAndDecrement() == 0) {
                throw new Killed();
            }
        }
    }

    @Test
    void killedBetweenAnyTwoStepsTheNextStartCompletesOrUndoes() {
        try (Pipeline pipeline = small()) {
            CutoverJournal journal = new TargetJournal(new Documents(pipeline.target, "test"));
            int undone = 0;
            int done = 0;
            boolean killed = true;
            for (int write = 0; killed; write++) {
                killed = false;
                try {
                    cutover(
                                    pipeline,
                                    new Deadly(journal, new AtomicInteger(write)),
                                    TrafficDriver.NONE)
                            .run();
                } catch (Killed e) {
                    killed = true;
                    cutover(pipeline).resume();
                }
                Status status = journal.read().orElseThrow().status();
                assertThat(status.isOver()).isTrue();
                boolean fenced = fence(pipeline).isRaised();
                assertThat(fenced).as("write " + write).isEqualTo(status == Status.DONE);
                if (fenced) {
                    done++;
                    fence(pipeline).lower();
                    pipeline.applier.release();
                } else {
                    undone++;
                }
                sourceDatabase.execute("INSERT INTO t (v) VALUES ('round " + write + "')");
                pipeline.catchUp();
            }
            assertThat(undone).isGreaterThan(10);
            assertThat(done).isGreaterThan(2);
            RowsOf.assertEqual(sourceDatabase, targetDatabase);
        }
    }

    private static String resource(String name) throws Exception {
        try (InputStream in = CutoverIT.class.getResourceAsStream("/workload/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
