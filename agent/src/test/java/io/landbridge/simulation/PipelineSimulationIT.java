package io.landbridge.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Capture, buffer and applier killed between any two steps, again and again; after every batch, and
 * at the end, the target holds what the source held there. A seed fixes the transactions and the
 * fates; how the threads interleave it does not.
 *
 * <p>{@code scripts/dev soak simulation} tries many seeds, or one again.
 */
class PipelineSimulationIT {

    private static final int COUNT = 2;

    @TempDir Path directory;

    static LongStream seeds() {
        return new Random().longs(COUNT);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void endsEqualWhateverIsKilledWhenever(long seed) throws Exception {
        try (Simulation simulation = new Simulation(seed, directory)) {
            assertThat(simulation.run()).isNotEmpty();
        }
    }
}
