package io.landbridge.config;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Everything that is wrong with a configuration, gathered so that it is told all at once. */
final class Problems {

    private record Problem(Given given, String key, String what) {
        String text() {
            String where = given == null ? "" : given.where() + ", ";
            return where + (key.isEmpty() ? "" : key + ": ") + what;
        }

        int line() {
            return given == null || given.line() == 0 ? Integer.MAX_VALUE : given.line();
        }
    }

    private final Set<Problem> found = new LinkedHashSet<>();

    /**
     * Notes a problem.
     *
     * @param given where the value came from; null when a key is missing
     * @param what without any value that may be secret
     */
    void add(Given given, String key, String what) {
        found.add(new Problem(given, key, what));
    }

    /** Throws CONFIG_INVALID when there is any problem, the first line's first. */
    void raise(String origin) {
        if (found.isEmpty()) {
            return;
        }
        List<Problem> sorted =
                found.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
        StringBuilder text = new StringBuilder(origin);
        text.append(found.size() == 1 ? " has a problem" : " has " + found.size() + " problems");
        for (Problem problem : sorted) {
            text.append("\n  ").append(problem.text());
        }
        throw Fault.of(FaultCode.CONFIG_INVALID, text.toString())
                .hint("agent/docs/configuration.md explains every key");
    }
}
