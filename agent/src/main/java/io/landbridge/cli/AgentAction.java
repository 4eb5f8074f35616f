package io.landbridge.cli;

import io.landbridge.fault.Fault;
import io.landbridge.observe.Logs;
import io.landbridge.phase.MigrationStatus;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that asks a running agent for something; its name is the API's. */
abstract class AgentAction implements Callable<Integer> {

    @Mixin private AgentOptions options;

    private final Shell shell;
    private final String action;

    AgentAction(Shell shell, String action) {
        this.shell = shell;
        this.action = action;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logs.silent();
        AgentClient agent = options.client(shell.environment());
        MigrationStatus before = agent.status();
        agent.ask(action, details());
        if (!options.isWaiting() && !alwaysWaits()) {
            shell.out().println(action + ": accepted");
            return 0;
        }
        String outcome =
                Waiting.until(agent, action, options.timeout(), status -> outcome(before, status));
        shell.out().println(action + ": " + outcome);
        return 0;
    }

    /** What the request says beside its name. */
    Map<String, ?> details() {
        return Map.of();
    }

    /** Whether there is nothing to be had but the outcome. */
    boolean alwaysWaits() {
        return false;
    }

    /**
     * What came of the request; empty while it is under way.
     *
     * @param before how it was just before the request
     * @throws Fault when it failed
     */
    abstract Optional<String> outcome(MigrationStatus before, MigrationStatus now);
}
