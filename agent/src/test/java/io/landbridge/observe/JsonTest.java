package io.landbridge.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.phase.MigrationStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void statusSurvivesTheWayThroughJson() {
        MigrationStatus status =
                Statuses.streaming("CDC", Duration.ofMillis(1_500))
                        .validation(Statuses.validation("DIFFERENT", 3))
                        .faults(List.of(Statuses.divergence()), Statuses.counts())
                        .build();
        String text = Json.text(status);
        assertThat(Json.read(text, MigrationStatus.class)).isEqualTo(status);
        assertThat(text)
                .contains("\"lag\":1.5")
                .contains("\"assessment\":null")
                .contains("\"startedAt\":\"2026-01-01T00:00:00Z\"");
    }

    @Test
    void fieldsOfANewerAgentArePassedOver() {
        String text = Json.text(Statuses.in("CDC").build());
        assertThat(
                        Json.read("{\"new\":1," + text.substring(1), MigrationStatus.class)
                                .stage()
                                .phase())
                .isEqualTo("CDC");
    }
}
