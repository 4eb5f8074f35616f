package io.landbridge.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code scripts/dev soak simulation}: one seed after the other; names those that failed. */
@Command(name = "scripts/dev soak simulation", mixinStandardHelpOptions = true)
public final class SimulationSoak implements Callable<Integer> {

    @Option(names = "--seeds", defaultValue = "100", description = "How many new ones.")
    private int seeds;

    @Option(names = "--seed", description = "Repeats this one instead.")
    private Long seed;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SimulationSoak()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Random random = new Random();
        List<Long> failed = new ArrayList<>();
        int count = seed == null ? seeds : 1;
        for (int i = 1; i <= count; i++) {
            long one = seed == null ? random.nextLong() : seed;
            long began = System.nanoTime();
            String outcome = outcome(one);
            if (!outcome.startsWith("equal")) {
                failed.add(one);
            }
            System.out.printf(
                    "%d of %d, seed %d, %.1f s: %s%n",
                    i, count, one, (System.nanoTime() - began) / 1e9, outcome);
        }
        System.out.println(failed.isEmpty() ? "all equal" : "failed seeds: " + failed);
        return failed.isEmpty() ? 0 : 1;
    }

    private static String outcome(long seed) throws IOException {
        Path directory = Files.createTempDirectory("landbridge-simulation-");
        try (Simulation simulation = new Simulation(seed, directory)) {
            return "equal, " + simulation.run();
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            return "FAILED: " + e;
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
