package io.landbridge.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChronicleBufferTest extends ChangeBufferContract {

    private static final BufferSettings SMALL_SEGMENTS =
            BufferSettings.of(256L << 20, Duration.ofHours(1)).withSegmentBytes(2L << 20);

    @TempDir Path directory;

    @Test
    void refusesASecondOwner() {
        try (ChronicleBuffer buffer = open()) {
            assertThat(buffer.last()).isEmpty();
            assertThatThrownBy(this::open)
                    .isInstanceOfSatisfying(
                            Fault.class,
                            fault -> {
                                assertThat(fault.code()).isEqualTo(FaultCode.BUFFER_IO);
                                assertThat(fault.getMessage()).contains("another agent");
                            });
        }
    }

    @Test
    void refusesAnUnknownRollCycleAndATinyBound() {
        assertThatThrownBy(() -> new ChronicleBuffer(directory, 1L << 30, "SOMETIMES"))
                .hasMessageContaining("SOMETIMES");
        assertThatThrownBy(() -> new ChronicleBuffer(directory, 1000, "FAST_HOURLY"))
                .hasMessageContaining("1000");
    }

    @Override
    protected ChronicleBuffer open() {
        return new ChronicleBuffer(directory, SMALL_SEGMENTS);
    }
}
