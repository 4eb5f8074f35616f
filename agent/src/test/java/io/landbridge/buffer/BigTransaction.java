package io.landbridge.buffer;

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

/** Appends one transaction of many rows through a small bound, and reads it at the same time. */
final class BigTransaction {

    private static final TableLayout TABLE =
            new TableLayout(
                    new TableId("public", "orders"), List.of("id", "name", "note"), List.of(0));

    private BigTransaction() {}

    public static void main(String[] arguments) throws Exception {
        int rows = Integer.parseInt(arguments[1]);
        try (ChronicleBuffer buffer =
                        new ChronicleBuffer(Path.of(arguments[0]), 16L << 20, "FAST_HOURLY");
                EventReader reader = buffer.readAfter(new Lsn(0))) {
            Thread writer = new Thread(() -> write(buffer, rows), "appending");
            writer.setDaemon(true);
            writer.start();
            int read = read(reader);
            writer.join();
            buffer.trimTo(new Lsn(1));
            System.out.println(
                    "read " + read + " segments " + Segment.list(Path.of(arguments[0])).size());
        }
    }

    private static void write(ChangeBuffer buffer, int rows) {
        try {
            buffer.append(new SourceEvent.Begin("1", new Lsn(0)));
            for (int i = 0; i < rows; i++) {
                buffer.append(row(i));
            }
            buffer.append(new SourceEvent.Commit(new Lsn(1), Instant.EPOCH, rows));
            buffer.force();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int read(EventReader reader) {
        int rows = 0;
        while (true) {
            SourceEvent event = reader.poll();
            if (event == null) {
                Thread.onSpinWait();
            } else if (event instanceof SourceEvent.Commit) {
                return rows;
            } else if (event instanceof Change change) {
                if (!change.equals(row(rows))) {
                    throw new IllegalStateException("row " + rows + " came back changed");
                }
                rows++;
            }
        }
    }

    private static Change row(int i) {
        return new Change(
                TABLE,
                Operation.INSERT,
                null,
                RowImage.of(String.valueOf(i), "name of " + i, i % 3 == 0 ? null : "a note"));
    }
}
