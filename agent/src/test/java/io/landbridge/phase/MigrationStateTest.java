package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.config.MigrationConfig.Strategy;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MigrationStateTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void aFullMigrationShowsItsPhasesInOrder() {
        assertThat(phases(Strategy.FULL_LOAD_CDC))
                .containsExactly(Phase.ASSESSMENT, Phase.FULL_LOAD, Phase.CDC);
    }

    @Test
    void followingOnlyNeverShowsALoad() {
        assertThat(phases(Strategy.CDC_ONLY)).containsExactly(Phase.ASSESSMENT, Phase.CDC);
    }

    @Test
    void loadingOnlyNeverShowsCdc() {
        assertThat(phases(Strategy.FULL_LOAD))
                .containsExactly(Phase.ASSESSMENT, Phase.FULL_LOAD, Phase.VALIDATION);
    }

    private static List<Phase> phases(Strategy strategy) {
        MigrationState state = MigrationState.begin("shop", strategy, NOW);
        List<Phase> seen = new ArrayList<>(List.of(state.phase()));
        while (state.step() != Step.FOLLOW && state.step() != Step.VALIDATE) {
            state = state.enter(state.step().next(strategy), NOW);
            if (seen.get(seen.size() - 1) != state.phase()) {
                seen.add(state.phase());
            }
        }
        return seen;
    }

    @Test
    void aFailureKeepsItsStepAndGoesBackToIt() {
        MigrationState copying = copying();
        MigrationState failed =
                copying.failed(Fault.of(FaultCode.SOURCE_GAP, "the slot is gone"), NOW);

        assertThat(failed.phase()).isEqualTo(Phase.FAILED);
        assertThat(failed.enter(failed.step(), NOW).phase()).isEqualTo(Phase.FULL_LOAD);
    }

    @Test
    void aFailureMayBeRolledBack() {
        MigrationState failed =
                copying().failed(Fault.of(FaultCode.SOURCE_GAP, "the slot is gone"), NOW);

        assertThat(failed.enter(Step.ROLL_BACK, NOW).phase()).isEqualTo(Phase.ROLLING_BACK);
    }

    @Test
    void aFailureMayNotJumpAhead() {
        MigrationState failed =
                copying().failed(Fault.of(FaultCode.SOURCE_GAP, "the slot is gone"), NOW);

        assertThatThrownBy(() -> failed.enter(Step.CUT_OVER, NOW))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("FAILED")
                .hasMessageContaining("CUTOVER");
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void nothingComesAfterAnEnd(Step step) {
        MigrationState ended = copying().enter(Step.ROLL_BACK, NOW).end(Phase.ROLLED_BACK, NOW);

        assertThatThrownBy(() -> ended.enter(step, NOW)).isInstanceOf(Fault.class);
    }

    @Test
    void theCutoverCantBeginBeforeCdc() {
        assertThatThrownBy(() -> copying().enter(Step.CUT_OVER, NOW))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("FULL_LOAD");
    }

    private static MigrationState copying() {
        return MigrationState.begin("shop", Strategy.FULL_LOAD_CDC, NOW)
                .enter(Step.PREPARE_TARGET, NOW)
                .enter(Step.OPEN_STREAM, NOW)
                .enter(Step.COPY, NOW);
    }
}
