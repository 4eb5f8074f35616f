package io.landbridge.phase;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.phase.MigrationStatus.ActiveFault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is wrong now, and how often each code was met. A fault stands under the name of whoever
 * raised it until that one raises another or clears it. Thread-safe.
 */
final class FaultBoard {

    private final Map<String, ActiveFault> active = new LinkedHashMap<>();
    private final Map<FaultCode, Long> counts = new LinkedHashMap<>();

    /**
     * Puts {@code fault} up for {@code who}.
     *
     * @return true when it was not up already
     */
    synchronized boolean raise(String who, Fault fault, Instant now) {
        ActiveFault before = active.get(who);
        if (before != null
                && before.code().equals(fault.code().name())
                && before.message().equals(fault.getMessage())) {
            return false;
        }
        counts.merge(fault.code(), 1L, Long::sum);
        active.put(
                who,
                new ActiveFault(
                        fault.code().name(),
                        fault.getMessage(),
                        fault.table(),
                        fault.position().map(SourcePosition::text),
                        fault.hint(),
                        now));
        return true;
    }

    synchronized void clear(String who) {
        active.remove(who);
    }

    synchronized List<ActiveFault> active() {
        return new ArrayList<>(active.values());
    }

    synchronized Map<String, Long> counts() {
        Map<String, Long> byName = new LinkedHashMap<>();
        counts.forEach((code, count) -> byName.put(code.name(), count));
        return byName;
    }
}
