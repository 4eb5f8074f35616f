package io.landbridge.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.SourceEvent;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledWriterTest {

    private static final int KILLS = 5;

    @TempDir Path directory;

    @Test
    void losesNothingForcedAndShowsNoHoleWhenKilled() throws Exception {
        long seed = System.nanoTime();
        System.out.println("KilledWriterTest seed " + seed);
        Random random = new Random(seed);
        SourcePosition forced = RandomEvents.start();
        for (int kill = 0; kill < KILLS; kill++) {
            forced = writeUntilKilled(seed, random, forced);
            try (ChronicleBuffer buffer =
                    new ChronicleBuffer(
                            directory, BufferSettings.of(4L << 30, Duration.ofHours(1)))) {
                SourcePosition last = buffer.last().orElse(RandomEvents.start());
                assertThat(last.covers(forced)).as("%s covers %s", last, forced).isTrue();
                assertReads(buffer, seed, last);
            }
        }
    }

    private SourcePosition writeUntilKilled(long seed, Random random, SourcePosition before)
            throws Exception {
        SourcePosition forced = before;
        try (ChildJvm writer =
                ChildJvm.start(
                        KilledWriter.class, "128m", directory.toString(), String.valueOf(seed))) {
            assertThat(writer.readLine()).startsWith("opened");
            int lines = random.nextInt(6);
            for (int i = 0; i < lines; i++) {
                String line = writer.readLine();
                assertThat(line).startsWith("forced ");
                forced = Lsn.parse(line.substring("forced ".length()));
            }
            writer.kill();
            for (String line = writer.readLine(); line != null; line = writer.readLine()) {
                if (line.startsWith("forced ")) {
                    forced = Lsn.parse(line.substring("forced ".length()));
                }
            }
        }
        return forced;
    }

    /** Reads all, and compares complete transactions with those of the seed up to {@code last}. */
    private static void assertReads(ChronicleBuffer buffer, long seed, SourcePosition last) {
        RandomEvents expected = new RandomEvents(seed);
        try (EventReader reader = buffer.readAfter(RandomEvents.start())) {
            List<SourceEvent> transaction = new ArrayList<>();
            for (SourceEvent event = reader.poll(); event != null; event = reader.poll()) {
                transaction.add(event);
                if (event instanceof SourceEvent.Commit) {
                    assertThat(transaction.equals(nextComplete(expected))).isTrue();
                    transaction.clear();
                } else if (event instanceof SourceEvent.Abandoned) {
                    transaction.clear();
                }
            }
        }
        assertThat(expected.position()).isEqualTo(last);
    }

    private static List<SourceEvent> nextComplete(RandomEvents events) {
        while (true) {
            List<SourceEvent> transaction = events.transaction();
            if (transaction.get(transaction.size() - 1) instanceof SourceEvent.Commit) {
                return transaction;
            }
        }
    }
}
