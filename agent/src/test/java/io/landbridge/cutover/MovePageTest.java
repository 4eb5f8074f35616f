package io.landbridge.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.TableId;
import io.landbridge.cutover.CutoverRecord.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people read of a move. */
class MovePageTest {

    private static final Instant BEGAN = Instant.parse("2026-03-01T12:00:00Z");

    private static MoveReport report(Status status, Optional<String> failure) {
        StepRecord hold =
                StepRecord.pending("HOLD")
                        .running(BEGAN.plusSeconds(4))
                        .done(Duration.ofMillis(40), Map.of("driver", "<pgbouncer>"));
        StepRecord drain =
                StepRecord.pending("DRAIN")
                        .running(BEGAN.plusSeconds(4))
                        .done(Duration.ofMillis(7), Map.of("position", "0/ABC"));
        StepRecord release =
                StepRecord.pending("RELEASE")
                        .running(BEGAN.plusMillis(4_300))
                        .done(Duration.ofMillis(100), Map.of());
        CutoverRecord record =
                new CutoverRecord(
                        CutoverRecord.FORMAT,
                        "a1b2",
                        "cutover",
                        status,
                        BEGAN,
                        Optional.of(BEGAN.plusSeconds(5)),
                        List.of(hold, drain, release),
                        failure);
        return new MoveReport(
                "shop",
                "postgresql://old",
                "postgresql://new",
                record,
                Optional.of(new ClientPause(90, 0, Duration.ofMillis(412), Optional.of(BEGAN))),
                List.of(new TableProof(new TableId("public", "orders"), 1_234, 56, "h1", "h1")));
    }

    @Test
    void tellsTheVerdictThePauseThePositionsAndTheHashes() {
        assertThat(MovePage.of(report(Status.DONE, Optional.empty())).html())
                .contains("The traffic has moved", "412 ms", "0/ABC", "&lt;pgbouncer&gt;", "1,234")
                .contains("From HOLD to RELEASE", "400 ms", "public.orders", "h1")
                .doesNotContain("<pgbouncer>");
    }

    @Test
    void tellsWhyItWasUndone() {
        assertThat(MovePage.of(report(Status.UNDONE, Optional.of("a row differs"))).html())
                .contains("Undone", "a row differs", "class=\"verdict bad\"");
    }
}
