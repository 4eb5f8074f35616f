package io.landbridge.load;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How fast rows and bytes go by, over the last seconds. Owned by whoever holds the lock of what it
 * is part of.
 */
final class Pace {

    private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long SAMPLE_NANOS = Duration.ofMillis(250).toNanos();

    /** What everything had come to at a moment. */
    private record Sample(long nanos, long rows, long bytes) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** Takes note of what everything has come to at {@code nanos}. */
    void sample(long nanos, long rows, long bytes) {
        if (samples.isEmpty() || nanos - samples.getLast().nanos() > SAMPLE_NANOS) {
            samples.addLast(new Sample(nanos, rows, bytes));
        }
        while (samples.size() > 2 && nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
            samples.removeFirst();
        }
    }

    void clear() {
        samples.clear();
    }

    /** Rows a second between the oldest sample and {@code rows} at {@code nanos}. */
    double rowsPerSecond(long nanos, long rows) {
        return samples.isEmpty() ? 0 : rate(nanos, rows - samples.getFirst().rows());
    }

    double bytesPerSecond(long nanos, long bytes) {
        return samples.isEmpty() ? 0 : rate(nanos, bytes - samples.getFirst().bytes());
    }

    private double rate(long nanos, long passed) {
        double seconds = (nanos - samples.getFirst().nanos()) / 1e9;
        return seconds > 0 ? Math.max(0, passed / seconds) : 0;
    }
}
