package io.landbridge.cli;

import io.landbridge.fault.Fault;
import io.landbridge.observe.Json;
import io.landbridge.observe.Logs;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code status}. */
@Command(
        name = "status",
        description = {
            "Shows where the migration stands.",
            "With --wait, waits until the agent is ready: following closely, nothing wrong."
        })
final class StatusCommand implements Callable<Integer> {

    @Mixin private AgentOptions options;

    /** Of an agent: right after {@code landbridge run &} nobody listens yet. */
    private static final Duration START = Duration.ofSeconds(30);

    @Option(names = "--format", defaultValue = "text", description = "text (default) or json.")
    private OutputFormat format;

    private final Shell shell;

    StatusCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logs.silent();
        AgentClient agent = options.client(shell.environment());
        if (options.isWaiting()) {
            waitUntilReady(agent);
        }
        MigrationStatus status = agent.status();
        shell.out()
                .println(
                        format == OutputFormat.JSON
                                ? Json.pretty(status)
                                : StatusText.full(status));
        return 0;
    }

    private void waitUntilReady(AgentClient agent) throws InterruptedException {
        agent.awaitAnswer(START);
        Waiting.until(
                agent,
                "getting ready",
                options.timeout(),
                status -> {
                    Outcome.checkNotFailed(status);
                    return Outcome.hasConverged(status) && isReady(agent)
                            ? Optional.of("ready")
                            : Optional.empty();
                });
    }

    private static boolean isReady(AgentClient agent) throws Fault {
        try {
            return agent.isReady();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
