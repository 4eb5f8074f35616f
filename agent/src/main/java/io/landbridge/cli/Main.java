package io.landbridge.cli;

import io.landbridge.config.Configuration;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.MigrationStatus.Assessment;

/** Where the process begins. */
public final class Main {

    private Main() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] arguments) {
        System.exit(Landbridge.execute(Shell.ofThisProcess(), new NotWired(), arguments));
    }

    /** Stands where the wiring of all rooms will. */
    private static final class NotWired implements MigrationFactory {
        @Override
        public RunningMigration open(Configuration configuration) {
            throw Fault.of(FaultCode.INTERNAL, "migrations can't be run yet");
        }

        @Override
        public Assessment assess(Configuration configuration) {
            throw Fault.of(FaultCode.INTERNAL, "assessments can't be made yet");
        }
    }
}
