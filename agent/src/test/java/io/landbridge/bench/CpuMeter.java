package io.landbridge.bench;

import io.landbridge.testkit.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * CPU seconds that servers and everything started from this JVM have used. On a machine that does
 * other things at the same time they say more than the clock does. Linux only.
 */
final class CpuMeter {

    private static final double TICKS_PER_SECOND = 100;

    private final List<Long> postmasters;

    CpuMeter(TestDatabase... oneOfEachServer) {
        postmasters =
                List.of(oneOfEachServer).stream()
                        .map(
                                database -> {
                                    Path directory = Path.of(database.value("SHOW data_directory"));
                                    return pid(directory.resolve("postmaster.pid"));
                                })
                        .toList();
    }

    private static long pid(Path file) {
        try {
            return Long.parseLong(Files.readAllLines(file).get(0).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Since the servers started; backends that ended are counted by their postmaster. */
    double serverSeconds() {
        double seconds = 0;
        for (long postmaster : postmasters) {
            seconds += seconds(postmaster);
            seconds +=
                    ProcessHandle.of(postmaster).stream()
                            .flatMap(ProcessHandle::children)
                            .mapToDouble(child -> ownSeconds(child.pid()))
                            .sum();
        }
        return seconds;
    }

    /** Of this JVM and the programs that it started and that have ended. */
    static double moverSeconds() {
        return seconds(ProcessHandle.current().pid());
    }

    private static double seconds(long pid) {
        return ticks(pid, 13, 17) / TICKS_PER_SECOND;
    }

    private static double ownSeconds(long pid) {
        return ticks(pid, 13, 15) / TICKS_PER_SECOND;
    }

    /** Sums fields of {@code /proc/PID/stat}: user, system, and those of children that ended. */
    private static long ticks(long pid, int from, int to) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int field = from; field < to; field++) {
                ticks += Long.parseLong(fields[field - 2]);
            }
            return ticks;
        } catch (IOException e) {
            return 0;
        }
    }
}
