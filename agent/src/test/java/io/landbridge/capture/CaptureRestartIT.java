package io.landbridge.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.capture.CaptureStatus.State;
import io.landbridge.change.Change;
import io.landbridge.change.SourceEvent;
import io.landbridge.config.TransportConfig.Acknowledge;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.PostgresServer.Shutdown;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is lost and nothing comes twice, whatever breaks. */
class CaptureRestartIT {

    private static CaptureFixture fixture(TestDatabase database) {
        return new CaptureFixture(
                database, "CREATE TABLE a (id bigserial PRIMARY KEY, v int, w text)");
    }

    /** Inserts rows until it is closed, a few in each transaction; goes on through restarts. */
    private static final class Writer implements AutoCloseable {
        private final AtomicBoolean stopping = new AtomicBoolean();
        private final AtomicInteger rows = new AtomicInteger();
        private final Thread thread;

        Writer(TestDatabase database) {
            thread =
                    new Thread(
                            () -> {
                                while (!stopping.get()) {
                                    try {
                                        database.execute(
                                                "INSERT INTO a (v, w) SELECT g, repeat('x', g) FROM"
                                                        + " generate_series(1, 7) g");
                                        rows.addAndGet(7);
                                    } catch (IllegalStateException e) {
                                        // The server is away; what was not committed is not
                                        // counted.
                                        Thread.onSpinWait();
                                    }
                                }
                            });
            thread.start();
        }

        void awaitMore(int more) {
            int target = rows.get() + more;
            Await.until("rows were written", CaptureFixture.SOON, () -> rows.get() >= target);
        }

        @Override
        public void close() {
            stopping.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The ids that complete transactions carry, in order; checks the chain on the way. */
    private static List<Long> ids(List<SourceEvent> events, SourcePosition start) {
        List<Long> all = new ArrayList<>();
        List<Long> current = new ArrayList<>();
        SourcePosition previous = start;
        for (SourceEvent event : events) {
            if (event instanceof SourceEvent.Begin begin) {
                assertThat(current).isEmpty();
                assertThat(begin.previous()).isEqualTo(previous);
            } else if (event instanceof Change change) {
                current.add(Long.parseLong(change.after().text(0)));
            } else if (event instanceof SourceEvent.Commit commit) {
                assertThat(commit.changes()).isEqualTo(current.size());
                assertThat(commit.position().isAfter(previous)).isTrue();
                previous = commit.position();
                all.addAll(current);
                current.clear();
            } else if (event instanceof SourceEvent.Abandoned) {
                current.clear();
            }
        }
        return all;
    }

    private static void compare(CaptureFixture fixture) {
        fixture.drain();
        List<Long> expected =
                fixture.database.rows("SELECT id FROM a ORDER BY id").stream()
                        .map(Long::parseLong)
                        .toList();
        assertThat(ids(fixture.buffer.events(), fixture.start))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    private static void awaitStreaming(CaptureFixture fixture) {
        Await.until(
                "the capture streams",
                CaptureFixture.SOON,
                () -> fixture.capture.status().state() == State.STREAMING);
    }

    @ParameterizedTest
    @EnumSource(
            value = Acknowledge.class,
            names = {"BUFFERED", "APPLIED"})
    void aNewCaptureGoesOnWhereTheBufferEnds(Acknowledge policy) {
        try (CaptureFixture fixture = fixture(Servers.source().freshDatabase())) {
            try (Writer writer = new Writer(fixture.database)) {
                for (int i = 0; i < 5; i++) {
                    fixture.start(policy, fixture.start);
                    awaitStreaming(fixture);
                    writer.awaitMore(100);
                    fixture.capture.close();
                    assertThat(fixture.capture.status().state()).isEqualTo(State.STOPPED);
                }
            }
            fixture.start(policy, fixture.start);
            compare(fixture);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 17})
    void killedWalsendersAreReplaced(int major) {
        try (CaptureFixture fixture = fixture(Servers.postgres(major).freshDatabase())) {
            fixture.start();
            try (Writer writer = new Writer(fixture.database)) {
                for (int i = 0; i < 4; i++) {
                    awaitStreaming(fixture);
                    writer.awaitMore(100);
                    long restarts = fixture.capture.status().restarts();
                    fixture.database.execute(
                            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
                                    + " WHERE slot_name = '"
                                    + fixture.log.name()
                                    + "'");
                    Await.until(
                            "the capture noticed",
                            CaptureFixture.SOON,
                            () -> fixture.capture.status().restarts() > restarts);
                }
            }
            compare(fixture);
        }
    }

    @ParameterizedTest
    @EnumSource(Shutdown.class)
    void goesOnAfterTheServerRestarted(Shutdown shutdown) {
        try (PostgresServer server = PostgresServer.start(14, Map.of());
                CaptureFixture fixture = fixture(server.freshDatabase())) {
            fixture.start();
            try (Writer writer = new Writer(fixture.database)) {
                awaitStreaming(fixture);
                writer.awaitMore(100);
                server.stop(shutdown);
                Await.until(
                        "the capture noticed",
                        CaptureFixture.SOON,
                        () -> fixture.capture.status().state() == State.RECOVERING);
                assertThat(fixture.capture.status().fault().orElseThrow().code().isPassing())
                        .isTrue();
                server.start();
                Await.until(
                        "it streams again by itself",
                        Duration.ofSeconds(10),
                        () -> fixture.capture.status().state() == State.STREAMING);
                writer.awaitMore(100);
            }
            compare(fixture);
        }
    }

    @Test
    void aMissingSlotIsAGapAndIsNotMadeAnew() {
        try (CaptureFixture fixture = fixture(Servers.source().freshDatabase())) {
            fixture.start();
            fixture.drain();
            fixture.capture.close();
            fixture.database.execute(
                    "SELECT pg_drop_replication_slot('" + fixture.log.name() + "')");
            fixture.start();
            awaitFailed(fixture, FaultCode.SOURCE_GAP);
            assertThat(fixture.log.slot()).isEmpty();
        }
    }

    @Test
    void aSlotThatVanishesWhileStreamingIsAGapAndIsNotMadeAnew() {
        try (CaptureFixture fixture = fixture(Servers.source().freshDatabase())) {
            fixture.start();
            fixture.drain();
            String name = fixture.log.name();
            fixture.database.execute(
                    "DO $$ BEGIN LOOP BEGIN"
                            + " PERFORM pg_terminate_backend(active_pid) FROM pg_replication_slots"
                            + " WHERE slot_name = '"
                            + name
                            + "' AND active_pid IS NOT NULL;"
                            + " PERFORM pg_drop_replication_slot('"
                            + name
                            + "'); EXIT;"
                            + " EXCEPTION WHEN object_in_use THEN NULL; END; END LOOP; END $$");
            awaitFailed(fixture, FaultCode.SOURCE_GAP);
            assertThat(fixture.log.slot()).isEmpty();
        }
    }

    /** The moment between our check and Debezium's start: it would make a new one by default. */
    @Test
    void debeziumItselfMakesNoSlot() {
        try (CaptureFixture fixture = fixture(Servers.source().freshDatabase())) {
            fixture.database.execute(
                    "SELECT pg_drop_replication_slot('" + fixture.log.name() + "')");
            CaptureSession session =
                    new CaptureSession(
                            EngineProperties.of(fixture.source, fixture.log, 60_000),
                            new MessageReceiver() {
                                @Override
                                public void message(ByteBuffer message) {
                                    throw new AssertionError("it streams");
                                }

                                @Override
                                public Optional<Lsn> transactionEnd() {
                                    return Optional.empty();
                                }
                            });
            assertThat(session.run()).isNotNull();
            assertThat(fixture.log.slot()).isEmpty();
        }
    }

    private static void awaitFailed(CaptureFixture fixture, FaultCode code) {
        Await.until(
                "the capture ended",
                CaptureFixture.SOON,
                () -> fixture.capture.status().state() == State.FAILED);
        assertThat(fixture.capture.status().fault().orElseThrow().code()).isEqualTo(code);
    }

    @Test
    void closesWithinSecondsInsideAHugeTransactionAndComesBackToIt() {
        try (CaptureFixture fixture = fixture(Servers.source().freshDatabase())) {
            fixture.database.execute(
                    "INSERT INTO a (v, w) SELECT g, repeat('x', 50) FROM"
                            + " generate_series(1, 300000) g");
            fixture.start();
            Await.until("it is inside", CaptureFixture.SOON, () -> fixture.buffer.count() > 10_000);
            long from = System.nanoTime();
            fixture.capture.close();
            assertThat(Duration.ofNanos(System.nanoTime() - from))
                    .isLessThan(Duration.ofSeconds(5));
            assertThat(fixture.buffer.last()).isEmpty();
            fixture.start();
            compare(fixture);
        }
    }

    @Test
    void aFullBufferHoldsTheStreamWithoutLosingTheConnection() {
        try (PostgresServer server = PostgresServer.start(14, Map.of("wal_sender_timeout", "2s"));
                CaptureFixture fixture = fixture(server.freshDatabase())) {
            fixture.start();
            awaitStreaming(fixture);
            fixture.buffer.hold(true);
            fixture.database.execute(
                    "INSERT INTO a (v, w) SELECT g, repeat('x', 1000) FROM"
                            + " generate_series(1, 100000) g");
            long held = System.nanoTime();
            // Three times the timeout, with the walsender blocked in the middle of its data.
            Await.until(
                    "the walsender's patience was tried",
                    CaptureFixture.SOON,
                    () -> System.nanoTime() - held > Duration.ofSeconds(7).toNanos());
            fixture.buffer.hold(false);
            compare(fixture);
            assertThat(fixture.capture.status().restarts()).isZero();
        }
    }
}
