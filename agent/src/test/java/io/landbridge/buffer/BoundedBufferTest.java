package io.landbridge.buffer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.Lsn;
import io.landbridge.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BoundedBufferTest {

    private static final long BOUND = BufferSettings.LEAST_MAX_BYTES;
    private static final TableLayout TABLE =
            new TableLayout(new TableId("public", "t"), List.of("id", "filler"), List.of(0));

    @TempDir Path directory;

    @Test
    void appendWaitsAtTheBoundUntilAppliedTransactionsAreTrimmed() throws Exception {
        try (ChronicleBuffer buffer = open();
                EventReader reader = buffer.readAfter(new Lsn(0))) {
            AtomicLong appended = new AtomicLong();
            CompletableFuture<Void> writer =
                    inThread(
                            () -> {
                                for (int i = 1; i <= 400; i++) {
                                    appendTransaction(buffer, i, 100);
                                    appended.set(i);
                                }
                                buffer.flush();
                            });
            Await.until("append waits", Duration.ofSeconds(30), () -> buffer.status().full());
            assertThat(appended.get()).isLessThan(400);
            assertThat(bytesOnDisk()).isLessThanOrEqualTo(BOUND + (1 << 20));
            for (int i = 1; i <= 400; ) {
                SourceEvent event = reader.poll();
                if (event instanceof SourceEvent.Commit commit) {
                    assertThat(commit.position()).isEqualTo(new Lsn(i));
                    buffer.trimTo(commit.position());
                    i++;
                } else if (event == null) {
                    Thread.onSpinWait();
                }
            }
            writer.join();
            assertThat(buffer.status().full()).isFalse();
            assertThat(bytesOnDisk()).isLessThan(8 << 20);
        }
    }

    @Test
    void interruptedWaitAppendsNothing() throws Exception {
        try (ChronicleBuffer buffer = open()) {
            AtomicLong appended = new AtomicLong();
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            CompletableFuture<Void> writer =
                    inThread(
                            () -> {
                                thread.complete(Thread.currentThread());
                                for (int i = 1; ; i++) {
                                    buffer.append(new SourceEvent.Begin("1", new Lsn(i - 1)));
                                    appended.incrementAndGet();
                                    for (int k = 0; k < 100; k++) {
                                        buffer.append(row(k));
                                        appended.incrementAndGet();
                                    }
                                    buffer.append(commit(i));
                                    appended.incrementAndGet();
                                }
                            });
            Await.until("append waits", Duration.ofSeconds(30), () -> buffer.status().full());
            thread.join().interrupt();
            assertThatThrownBy(writer::join).hasRootCauseInstanceOf(InterruptedException.class);
            assertThat(buffer.status().full()).isFalse();
            buffer.flush();
            assertThat(ChangeBufferContract.readAll(buffer, new Lsn(0)))
                    .hasSize(appended.intValue());
        }
    }

    @Test
    void aTransactionAloneInTheBufferGoesBeyondTheBound() throws Exception {
        try (ChronicleBuffer buffer = open();
                EventReader reader = buffer.readAfter(new Lsn(0))) {
            appendTransaction(buffer, 1, 60_000);
            buffer.flush();
            assertThat(bytesOnDisk()).isGreaterThan(3 * BOUND);
            CompletableFuture<Void> writer =
                    inThread(
                            () -> {
                                appendTransaction(buffer, 2, 1000);
                                buffer.flush();
                            });
            Await.until("append waits", Duration.ofSeconds(30), () -> buffer.status().full());
            int changes = 0;
            SourceEvent event = reader.poll();
            while (!(event instanceof SourceEvent.Commit)) {
                changes += event instanceof Change ? 1 : 0;
                event = reader.poll();
            }
            assertThat(changes).isEqualTo(60_000);
            buffer.trimTo(new Lsn(1));
            writer.join();
            assertThat(bytesOnDisk()).isLessThan(BOUND);
        }
    }

    @Test
    void aLargeTransactionAfterOthersWaitsForThemOnly() throws Exception {
        try (ChronicleBuffer buffer = open();
                EventReader reader = buffer.readAfter(new Lsn(0))) {
            CompletableFuture<Void> writer =
                    inThread(
                            () -> {
                                for (int i = 1; i <= 20; i++) {
                                    appendTransaction(buffer, i, 300);
                                }
                                appendTransaction(buffer, 21, 40_000);
                                buffer.flush();
                            });
            for (long applied = 0; applied < 21; ) {
                SourceEvent event = reader.poll();
                if (event instanceof SourceEvent.Commit) {
                    buffer.trimTo(new Lsn(++applied));
                } else if (event == null) {
                    Thread.onSpinWait();
                }
            }
            writer.join();
        }
    }

    @Test
    void appendWaitsWhileTheDiskIsAlmostFull() throws Exception {
        BufferSettings settings = BufferSettings.of(BOUND, Duration.ofHours(1));
        try (ChronicleBuffer buffer =
                new ChronicleBuffer(
                        directory,
                        new BufferSettings(
                                settings.maxBytes(),
                                settings.segmentBytes(),
                                settings.segmentAge(),
                                settings.excerptBytes(),
                                settings.pieceBytes(),
                                Long.MAX_VALUE / 2))) {
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            CompletableFuture<Void> writer =
                    inThread(
                            () -> {
                                thread.complete(Thread.currentThread());
                                appendTransaction(buffer, 1, 1);
                            });
            Await.until("append waits", Duration.ofSeconds(30), () -> buffer.status().full());
            thread.join().interrupt();
            assertThatThrownBy(writer::join).hasRootCauseInstanceOf(InterruptedException.class);
            assertThat(Segment.list(directory)).isEmpty();
        }
    }

    @Test
    void trimKeepsWhatAReaderOrAnOpenTransactionNeeds() throws Exception {
        try (ChronicleBuffer buffer = open()) {
            for (int i = 1; i <= 10; i++) {
                appendTransaction(buffer, i, 600);
            }
            buffer.append(new SourceEvent.Begin("11", new Lsn(10)));
            for (int i = 0; i < 3000; i++) {
                buffer.append(row(i));
            }
            buffer.flush();
            int all = Segment.list(directory).size();
            int kept;
            try (EventReader slow = buffer.readAfter(new Lsn(6))) {
                buffer.trimTo(new Lsn(10));
                kept = Segment.list(directory).size();
                assertThat(kept).isLessThan(all);
                assertThat(slow.poll()).isEqualTo(new SourceEvent.Begin("7", new Lsn(6)));
            }
            buffer.trimTo(new Lsn(10));
            assertThat(Segment.list(directory).size()).isLessThan(kept);
            assertThatThrownBy(() -> buffer.readAfter(new Lsn(2)))
                    .isInstanceOfSatisfying(
                            Fault.class,
                            fault -> assertThat(fault.code()).isEqualTo(FaultCode.BUFFER_GAP));
            try (EventReader reader = buffer.readAfter(new Lsn(10))) {
                assertThat(reader.poll()).isEqualTo(new SourceEvent.Begin("11", new Lsn(10)));
            }
            buffer.append(commit(11));
            buffer.force();
            buffer.trimTo(new Lsn(11));
            assertThat(Segment.list(directory)).hasSize(1);
            try (EventReader reader = buffer.readAfter(new Lsn(11))) {
                assertThat(reader.poll()).isNull();
                appendTransaction(buffer, 12, 1);
                buffer.flush();
                assertThat(reader.poll()).isEqualTo(new SourceEvent.Begin("1", new Lsn(11)));
            }
        }
        try (ChronicleBuffer buffer = open()) {
            assertThat(buffer.last()).contains(new Lsn(12));
            assertThat(ChangeBufferContract.readAll(buffer, new Lsn(11))).hasSize(3);
        }
    }

    @Test
    void segmentsEndWhenTheyAreOld() throws Exception {
        BufferSettings settings = BufferSettings.of(BOUND, Duration.ofNanos(1));
        try (ChronicleBuffer buffer = new ChronicleBuffer(directory, settings)) {
            appendTransaction(buffer, 1, 1);
            buffer.flush();
            appendTransaction(buffer, 2, 1);
            buffer.flush();
            assertThat(Segment.list(directory).size()).isGreaterThan(1);
            assertThat(ChangeBufferContract.readAll(buffer, new Lsn(0))).hasSize(6);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> inThread(Work work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                work.run();
                                done.complete(null);
                            } catch (Throwable e) {
                                done.completeExceptionally(e);
                            }
                        },
                        "appending");
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    private static void appendTransaction(ChangeBuffer buffer, long end, int rows)
            throws InterruptedException {
        buffer.append(
                new SourceEvent.Begin(rows == 1 ? "1" : String.valueOf(end), new Lsn(end - 1)));
        for (int i = 0; i < rows; i++) {
            buffer.append(row(i));
        }
        buffer.append(commit(end));
    }

    private static SourceEvent commit(long end) {
        return new SourceEvent.Commit(new Lsn(end), Instant.EPOCH, 0);
    }

    private static Change row(int id) {
        return new Change(
                TABLE, Operation.INSERT, null, RowImage.of(String.valueOf(id), "x".repeat(1000)));
    }

    private ChronicleBuffer open() {
        return new ChronicleBuffer(directory, BOUND, "FAST_HOURLY");
    }

    private long bytesOnDisk() throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            long sum = 0;
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                // sparse files are longer than what they take
                sum += blocks(file);
            }
            return sum;
        }
    }

    private static long blocks(Path file) throws IOException {
        try {
            Process du = new ProcessBuilder("du", "-B1", file.toString()).start();
            String line = new String(du.getInputStream().readAllBytes(), UTF_8);
            du.waitFor();
            return line.isEmpty() ? 0 : Long.parseLong(line.substring(0, line.indexOf('\t')));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
