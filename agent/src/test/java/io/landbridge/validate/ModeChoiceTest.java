package io.landbridge.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.TableId;
import io.landbridge.config.ValidationConfig;
import io.landbridge.config.ValidationConfig.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModeChoiceTest {

    private static final Map<Mode, List<String>> EXCEPTIONS =
            Map.of(
                    Mode.COUNT,
                    List.of("public.log_*", "audit.*"),
                    Mode.FULL,
                    List.of("audit.money"));

    @Test
    void theMoreThoroughExceptionCountsAndTheUsualModeElse() {
        ModeChoice choice = ModeChoice.of(config(true));
        assertThat(choice.of(new TableId("public", "orders"))).isEqualTo(Mode.SAMPLE);
        assertThat(choice.of(new TableId("public", "log_2026"))).isEqualTo(Mode.COUNT);
        assertThat(choice.of(new TableId("audit", "money"))).isEqualTo(Mode.FULL);
        assertThat(choice.of(new TableId("audit", "other"))).isEqualTo(Mode.COUNT);
    }

    @Test
    void withoutChecksumsRowsAreOnlyCounted() {
        ModeChoice choice = ModeChoice.of(config(false));
        assertThat(choice.of(new TableId("audit", "money"))).isEqualTo(Mode.COUNT);
    }

    private static ValidationConfig config(boolean checksums) {
        return new ValidationConfig(
                Mode.SAMPLE,
                EXCEPTIONS,
                10,
                checksums,
                1,
                0,
                Duration.ZERO,
                Duration.ofMinutes(10),
                ValidationConfig.Structure.OFF,
                List.of());
    }
}
