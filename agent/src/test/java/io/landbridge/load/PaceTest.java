package io.landbridge.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long SECOND = 1_000_000_000L;

    private final Pace pace = new Pace();

    @Test
    void isNothingBeforeAnythingWasSeen() {
        assertThat(pace.rowsPerSecond(SECOND, 100)).isZero();
    }

    @Test
    void countsFromTheOldestSampleOfTheLastSeconds() {
        for (int second = 0; second <= 60; second++) {
            // Ten times as fast in the second half.
            long rows = second <= 30 ? second * 10L : 300 + (second - 30) * 100L;
            pace.sample(second * SECOND, rows, rows * 50);
        }

        assertThat(pace.rowsPerSecond(60 * SECOND, 3300)).isEqualTo(100);
        assertThat(pace.bytesPerSecond(60 * SECOND, 3300 * 50)).isEqualTo(5000);
    }

    @Test
    void isNeverNegative() {
        pace.sample(0, 500, 500);

        assertThat(pace.rowsPerSecond(SECOND, 100)).isZero();
    }
}
