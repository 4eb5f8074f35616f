package io.landbridge.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Contenders that copy the same rows in turn: prints each round, then the best of ours beside the
 * best of each other.
 */
final class Race {

    static final String OURS = "ours";

    /** What one round took; the mover is what stood between the two servers. */
    record Result(double seconds, double serverCpu, double moverCpu) {

        private double cpu() {
            return serverCpu + moverCpu;
        }
    }

    private final String subject;
    private final long rows;
    private final Map<String, List<Result>> results = new LinkedHashMap<>();

    Race(String subject, long rows) {
        this.subject = subject;
        this.rows = rows;
    }

    void add(String contender, Result result) {
        System.out.printf(
                Locale.ROOT,
                "  %-12s %6.1f s  %,9.0f rows/s   CPU: servers %5.1f s, mover %5.1f s%n",
                contender,
                result.seconds(),
                rows / result.seconds(),
                result.serverCpu(),
                result.moverCpu());
        results.computeIfAbsent(contender, name -> new ArrayList<>()).add(result);
    }

    void summarize() {
        best(OURS).ifPresent(ours -> results.keySet().forEach(peer -> summarize(ours, peer)));
    }

    private void summarize(Result ours, String peer) {
        if (!peer.equals(OURS)) {
            Result other = best(peer).orElseThrow();
            System.out.printf(
                    Locale.ROOT,
                    "%s: best of each: ours / %s: time %.2f, CPU %.2f%n",
                    subject,
                    peer,
                    ours.seconds() / other.seconds(),
                    ours.cpu() / other.cpu());
        }
    }

    private Optional<Result> best(String contender) {
        return results.getOrDefault(contender, List.of()).stream()
                .min(Comparator.comparing(Result::seconds));
    }
}
