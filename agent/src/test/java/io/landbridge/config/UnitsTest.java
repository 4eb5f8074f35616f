package io.landbridge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

    @ParameterizedTest
    @ValueSource(strings = {"10ms", "5s", "90s", "2h", "1d", "3m", "0ms"})
    void durationsRoundTrip(String text) {
        assertThat(Units.text(Units.duration(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"512MiB", "10GiB", "1TiB", "3KiB", "1000", "0"})
    void sizesRoundTrip(String text) {
        assertThat(Units.text(Units.size(text))).isEqualTo(text);
    }

    @Test
    void decimalUnitsAreThousands() {
        assertThat(Units.size("5MB")).isEqualTo(5_000_000);
        assertThat(Units.size("5 mib")).isEqualTo(5 << 20);
        assertThat(Units.duration("0")).isEqualTo(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "ms", "5 weeks", "-1s", "1.5h", "999999999999999d"})
    void whatIsNoDurationIsRefused(String text) {
        assertThatThrownBy(() -> Units.duration(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GiB", "5 elephants", "-1", "1.5GiB", "999999999999999TiB"})
    void whatIsNoSizeIsRefused(String text) {
        assertThatThrownBy(() -> Units.size(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
