package io.landbridge.observe;

import io.landbridge.config.HttpConfig;
import io.landbridge.config.Units;
import io.landbridge.phase.MigrationControl;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.ActiveFault;
import io.landbridge.phase.Phase;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the probes are told.
 *
 * <ul>
 *   <li><b>started</b>: the agent serves; it may still wait for a database or for the lead.
 *   <li><b>live</b>: it answers, and no threads block each other for ever. A restart would help
 *       when not; a fault that an operator must mend is none of it.
 *   <li><b>ready</b>: the target is as good as the source: the phase allows it, the lag is under
 *       {@code http.ready-max-lag}, nothing is wrong.
 * </ul>
 */
final class Health {

    private static final Set<String> FOLLOWING =
            Set.of(Phase.CDC.name(), Phase.VALIDATION.name(), Phase.CUTOVER.name());
    private static final Set<String> DONE = Set.of(Phase.MONITORING.name(), Phase.COMPLETE.name());

    /** What the stream is like, the one that leads tells. */
    private static final String FOLLOWER = "FOLLOWER";

    private final MigrationControl control;
    private final HttpConfig config;

    Health(MigrationControl control, HttpConfig config) {
        this.control = control;
        this.config = config;
    }

    /**
     * What a probe answers.
     *
     * @param status up or down
     * @param role of this agent: LEADER, FOLLOWER or WAITING
     * @param reasons what speaks against it; empty when up
     */
    record Report(String status, String role, String phase, String step, List<String> reasons) {
        boolean isUp() {
            return reasons.isEmpty();
        }
    }

    Report started() {
        return report(control.status(), List.of());
    }

    Report live() {
        int deadlocked = threadsThatBlockEachOther();
        return report(
                control.status(),
                deadlocked == 0 ? List.of() : List.of(deadlocked + " threads block each other"));
    }

    static int threadsThatBlockEachOther() {
        long[] deadlocked = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
        return deadlocked == null ? 0 : deadlocked.length;
    }

    Report ready() {
        MigrationStatus status = control.status();
        List<String> reasons = new ArrayList<>();
        String phase = status.stage().phase();
        if (status.stage().paused()) {
            reasons.add("paused by an operator");
        }
        if (FOLLOWING.contains(phase) && !status.crew().role().equals(FOLLOWER)) {
            addStreamReasons(status, reasons);
        } else if (!FOLLOWING.contains(phase) && !DONE.contains(phase)) {
            reasons.add("the target isn't complete in phase " + phase);
        }
        for (ActiveFault fault : status.faults()) {
            reasons.add(fault.code() + ": " + fault.message());
        }
        return report(status, reasons);
    }

    private void addStreamReasons(MigrationStatus status, List<String> reasons) {
        if (!status.capture().state().equals("STREAMING")) {
            reasons.add(
                    "the source's log isn't being read: capture is " + status.capture().state());
        }
        if (status.apply().mode().equals("CONVERGING")) {
            reasons.add("what was written during the load is still being replayed");
        }
        if (status.apply().lag().isEmpty()) {
            reasons.add("the lag isn't known yet");
        }
        status.apply()
                .lag()
                .filter(lag -> lag.compareTo(config.readyMaxLag()) > 0)
                .ifPresent(
                        lag ->
                                reasons.add(
                                        "the lag is "
                                                + lag.toSeconds()
                                                + " s, more than "
                                                + Units.text(config.readyMaxLag())));
    }

    private static Report report(MigrationStatus status, List<String> reasons) {
        return new Report(
                reasons.isEmpty() ? "up" : "down",
                status.crew().role(),
                status.stage().phase(),
                status.stage().step(),
                reasons);
    }
}
