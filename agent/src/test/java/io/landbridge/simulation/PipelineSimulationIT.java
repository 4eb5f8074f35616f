package io.landbridge.simulation;

import java.nio.file.Path;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Capture, buffer and applier killed between any two steps, again and again; after every batch, and
 * at the end, the target holds what the source held there. {@code
 * -Dlandbridge.simulation.seed=SEED} repeats one, {@code -Dlandbridge.simulation.count=N} tries as
 * many new ones. A seed fixes the transactions and the fates; how the threads interleave it does
 * not.
 */
class PipelineSimulationIT {

    private static final int COUNT = 2;

    @TempDir Path directory;

    static LongStream seeds() {
        Long seed = Long.getLong("landbridge.simulation.seed");
        if (seed != null) {
            return LongStream.of(seed);
        }
        return new Random().longs(Integer.getInteger("landbridge.simulation.count", COUNT));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void endsEqualWhateverIsKilledWhenever(long seed) throws Exception {
        System.out.println("simulation seed " + seed);
        try (Simulation simulation = new Simulation(seed, directory)) {
            simulation.run();
        }
    }
}
