package io.landbridge.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Capture, buffer and applier killed between any two steps, again and again; after every batch, and
 * at the end, the target holds what the source held there. A seed fixes the transactions and the
 * fates; how the threads interleave it does not. The first two seeds have found a fault once.
 *
 * <p>{@code scripts/dev soak simulation} tries many seeds, or one again.
 */
class PipelineSimulationIT {

    @TempDir Path directory;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {-7880196574989656911L, 3871305299831637718L, 390989828742345025L})
    void endsEqualWhateverIsKilledWhenever(long seed) throws Exception {
        try (Simulation simulation = new Simulation(seed, directory)) {
            assertThat(simulation.run()).isNotEmpty();
        }
    }
}
