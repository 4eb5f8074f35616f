package io.landbridge.cli;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.MigrationStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Polls an agent until what was asked for is done, failed, or took too long. */
final class Waiting {

    private static final long POLL_MILLIS = 300;

    private Waiting() {}

    /** Judges a status. */
    @FunctionalInterface
    interface Judge {
        /**
         * What came of it, in words; empty while it is under way.
         *
         * @throws Fault when it failed
         */
        Optional<String> outcome(MigrationStatus status);
    }

    static String until(AgentClient agent, String what, Duration longest, Judge judge)
            throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            Optional<String> outcome = judge.outcome(agent.status());
            if (outcome.isPresent()) {
                return outcome.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw Fault.of(FaultCode.USAGE, what + " isn't done within the --timeout")
                        .hint("it goes on; see 'landbridge status'");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }
}
