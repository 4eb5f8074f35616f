package io.landbridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Directories of a benchmark; they go when it ends. */
final class Scratch {

    private Scratch() {}

    static Path directory() throws IOException {
        Path directory = Files.createTempDirectory("landbridge-bench-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(directory)));
        return directory;
    }

    /** Removes it before the end; does nothing when it has gone. */
    static void remove(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println(directory + " was left behind: " + e);
        }
    }
}
