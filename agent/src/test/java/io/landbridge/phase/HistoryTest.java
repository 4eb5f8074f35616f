package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.buffer.BufferStatus;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final BufferStatus ROOMY = new BufferStatus(0, 10, 100, false);
    private static final BufferStatus FULL = new BufferStatus(0, 99, 100, true);

    @Test
    void keepsNothingWhereNothingIsWanted() {
        History history = new History(Duration.ZERO);
        assertThat(trimmable(history, 7, ROOMY)).contains(new Lsn(7));
    }

    @Test
    void letsGoOfWhatIsOlderThanItKeepsByTheSourcesClock() {
        History history = new History(Duration.ofMinutes(1));
        for (int second = 0; second < 60; second++) {
            assertThat(trimmable(history, second, ROOMY)).isEmpty();
        }
        assertThat(trimmable(history, 60, ROOMY)).contains(new Lsn(0));
        assertThat(trimmable(history, 75, ROOMY)).contains(new Lsn(15));
        assertThat(trimmable(history, 75, ROOMY)).isEmpty();
    }

    /** What is to come is worth more than what was. */
    @Test
    void keepsLessOfItWhileTheBufferIsFull() {
        History history = new History(Duration.ofMinutes(15));
        for (int second = 0; second < 100; second++) {
            assertThat(trimmable(history, second, ROOMY)).isEmpty();
        }
        assertThat(trimmable(history, 99, FULL)).contains(new Lsn(50));
        assertThat(trimmable(history, 99, FULL)).contains(new Lsn(75));
        for (int again = 0; again < 10; again++) {
            trimmable(history, 99, FULL);
        }
        assertThat(trimmable(history, 99, FULL)).contains(new Lsn(99));
    }

    private static Optional<SourcePosition> trimmable(
            History history, int second, BufferStatus buffer) {
        return history.trimmable(new Lsn(second), Optional.of(NOON.plusSeconds(second)), buffer);
    }
}
