package io.landbridge.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThrottleTest {

    private static final long SECOND = 1_000_000_000L;

    private final LoadControl control = new LoadControl();

    @Test
    void spreadsBytesOverTimeAndKeepsAQuarterSecondOfSilence() {
        Throttle throttle = new Throttle(1000, control::sleep);
        long now = System.nanoTime() + 10 * SECOND;

        assertThat(throttle.reserve(250, now)).isZero();
        assertThat(throttle.reserve(1000, now)).isEqualTo(SECOND);
        assertThat(throttle.reserve(1000, now)).isEqualTo(2 * SECOND);
        assertThat(throttle.reserve(0, now + 2 * SECOND)).isZero();
        assertThat(throttle.reserve(1000, now + 2 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void letsEverythingPassWithoutALimit() {
        assertThat(new Throttle(0, control::sleep).passed(Long.MAX_VALUE)).isTrue();
    }

    @Test
    void endsItsWaitWhenTheLoadIsStopped() {
        control.stop();

        assertThat(new Throttle(1, control::sleep).passed(1 << 20)).isFalse();
    }
}
