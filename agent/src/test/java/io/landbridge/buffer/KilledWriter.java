package io.landbridge.buffer;

import io.landbridge.change.SourceEvent;
import io.landbridge.offsets.SourcePosition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Writes the transactions of a seed after those that the buffer holds, forcing now and then, and
 * says what it forced, until somebody kills it.
 */
final class KilledWriter {

    private KilledWriter() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        RandomEvents events = new RandomEvents(Long.parseLong(arguments[1]));
        Random random = new Random();
        try (ChronicleBuffer buffer =
                new ChronicleBuffer(
                        directory,
                        BufferSettings.of(4L << 30, Duration.ofHours(1))
                                .withSegmentBytes(8L << 20))) {
            Optional<SourcePosition> last = buffer.last();
            System.out.println("opened " + last.map(SourcePosition::text).orElse(""));
            while (true) {
                List<SourceEvent> transaction = events.transaction();
                if (last.isPresent() && last.get().covers(events.position())) {
                    continue;
                }
                for (SourceEvent event : transaction) {
                    buffer.append(event);
                }
                if (random.nextInt(20) == 0) {
                    buffer.flush();
                }
                if (random.nextInt(40) == 0) {
                    buffer.force().ifPresent(at -> System.out.println("forced " + at.text()));
                }
            }
        }
    }
}
