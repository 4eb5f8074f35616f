package io.landbridge.bench;

import io.landbridge.buffer.ChronicleBuffer;
import io.landbridge.buffer.EventReader;
import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.offsets.Lsn;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * How fast events pass through the buffer: small transactions like TPC-B's, appended by one thread
 * and read by another, forced to disk every 1,000 transactions; and each half alone.
 */
public final class BufferBench {

    private static final TableLayout ACCOUNTS =
            new TableLayout(
                    new TableId("public", "pgbench_accounts"),
                    List.of("aid", "bid", "abalance", "filler"),
                    List.of(0));
    private static final String FILLER = " ".repeat(84);
    private static final int TRANSACTIONS = 400_000;
    private static final int CHANGES = 4;

    private BufferBench() {}

    public static void main(String[] arguments) throws Exception {
        for (int round = 0; round < 3; round++) {
            Path directory = Scratch.directory();
            try {
                both(directory.resolve("both"));
                halves(directory.resolve("halves"));
            } finally {
                Scratch.remove(directory);
            }
        }
    }

    private static void both(Path directory) throws Exception {
        try (ChronicleBuffer buffer = new ChronicleBuffer(directory, 4L << 30, "FAST_HOURLY");
                EventReader reader = buffer.readAfter(new Lsn(0))) {
            long start = System.nanoTime();
            Thread writer = new Thread(() -> write(buffer), "appending");
            writer.start();
            read(reader);
            writer.join();
            report("append + read", start);
        }
    }

    private static void halves(Path directory) throws Exception {
        try (ChronicleBuffer buffer = new ChronicleBuffer(directory, 4L << 30, "FAST_HOURLY")) {
            long start = System.nanoTime();
            write(buffer);
            report("append", start);
            start = System.nanoTime();
            try (EventReader reader = buffer.readAfter(new Lsn(0))) {
                read(reader);
            }
            report("read", start);
        }
        long start = System.nanoTime();
        try (ChronicleBuffer buffer = new ChronicleBuffer(directory, 4L << 30, "FAST_HOURLY")) {
            System.out.printf(
                    "%-14s %8.0f ms for %d MB%n",
                    "reopen", (System.nanoTime() - start) / 1e6, buffer.status().bytes() >> 20);
        }
    }

    private static void write(ChronicleBuffer buffer) {
        try {
            for (int i = 1; i <= TRANSACTIONS; i++) {
                buffer.append(new SourceEvent.Begin(String.valueOf(i), new Lsn(i - 1)));
                for (int k = 0; k < CHANGES; k++) {
                    buffer.append(
                            new Change(
                                    ACCOUNTS,
                                    Operation.UPDATE,
                                    null,
                                    RowImage.of(
                                            String.valueOf(i * CHANGES + k),
                                            "1",
                                            "-2345",
                                            FILLER)));
                }
                buffer.append(new SourceEvent.Commit(new Lsn(i), Instant.EPOCH, CHANGES));
                if (i % 1000 == 0) {
                    buffer.force();
                }
            }
            buffer.force();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void read(EventReader reader) {
        for (int commits = 0; commits < TRANSACTIONS; ) {
            SourceEvent event = reader.poll();
            if (event == null) {
                Thread.onSpinWait();
            } else if (event instanceof SourceEvent.Commit) {
                commits++;
            }
        }
    }

    private static void report(String what, long start) {
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%-14s %,12.0f changes/s %,12.0f events/s%n",
                what, TRANSACTIONS * CHANGES / seconds, TRANSACTIONS * (CHANGES + 2) / seconds);
    }
}
