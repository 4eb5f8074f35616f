package io.landbridge.bench;

import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * CPU seconds that servers and everything started from this JVM have used. On a machine that does
 * other things at the same time they say more than the clock does. Linux only.
 */
final class CpuMeter {

    private static final double TICKS_PER_SECOND = 100;

    private final List<Long> servers;

    CpuMeter(TestDatabase... oneOfEachServer) {
        servers = Stream.of(oneOfEachServer).map(CpuMeter::pid).toList();
    }

    CpuMeter(MysqlTestDatabase mysql, TestDatabase postgres) {
        servers = List.of(pid(Path.of(mysql.value("SELECT @@pid_file"))), pid(postgres));
    }

    private static long pid(TestDatabase database) {
        return pid(Path.of(database.value("SHOW data_directory")).resolve("postmaster.pid"));
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
        for (long server : servers) {
            seconds += seconds(server);
            seconds +=
                    ProcessHandle.of(server).stream()
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
