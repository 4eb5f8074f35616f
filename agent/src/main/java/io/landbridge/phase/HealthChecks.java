package io.landbridge.phase;

import io.landbridge.apply.Applier;
import io.landbridge.config.MonitoringConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is looked at after the switch: the way back's lag, the target's transactions that were
 * rolled back, a query at the target, a program. Owned by the controller's thread.
 */
final class HealthChecks {

    private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);
    private static final int QUERY_SECONDS = 10;

    private final Workplace work;
    private final MonitoringConfig config;
    private final ErrorRate errors;
    private Instant next = Instant.EPOCH;
    private int failures;

    HealthChecks(Workplace work) {
        this.work = work;
        this.config = work.site.config().cutover().monitoring();
        this.errors = new ErrorRate(work.site.target(), config.maxErrorPercent());
    }

    /** Looks when it is time; true once the last looks have all failed, as many as count. */
    boolean haveFailed(Applier back) throws InterruptedException {
        Instant now = work.site.clock().instant();
        if (now.isBefore(next)) {
            return false;
        }
        next = now.plus(config.interval());
        List<String> wrong = look(back, now);
        if (wrong.isEmpty()) {
            failures = 0;
            work.faults.clear("health");
            return false;
        }
        failures++;
        LOG.warn("health check failed, {} in a row: {}", failures, wrong);
        work.faults.raise(
                "health",
                Fault.of(
                                FaultCode.HEALTH_CHECK,
                                "the target is not well: " + String.join("; ", wrong))
                        .hint("see to it, or take the traffic back with 'landbridge rollback'"),
                now);
        return failures >= config.failures();
    }

    private List<String> look(Applier back, Instant now) throws InterruptedException {
        List<String> wrong = new ArrayList<>();
        back.status()
                .committedAt()
                .map(at -> Duration.between(at, now))
                .filter(lag -> lag.compareTo(config.maxLag()) > 0)
                .ifPresent(lag -> wrong.add("the way back lags " + lag.toSeconds() + " s"));
        ask(errors::look, wrong);
        if (!config.query().isEmpty()) {
            ask(
                    () ->
                            isTrue(config.query())
                                    ? Optional.empty()
                                    : Optional.of("the query does not give true"),
                    wrong);
        }
        if (!config.command().toString().isEmpty() && !succeeds()) {
            wrong.add(config.command() + " does not end with status 0");
        }
        return wrong;
    }

    /** A question that the target doesn't answer is a complaint, too. */
    private static void ask(Supplier<Optional<String>> question, List<String> wrong) {
        try {
            question.get().ifPresent(wrong::add);
        } catch (Fault e) {
            wrong.add(e.getMessage());
        }
    }

    private boolean isTrue(String query) {
        return work.site
                .target()
                .with(
                        "running cutover.monitoring.query",
                        connection -> {
                            try (var statement = connection.createStatement()) {
                                statement.setQueryTimeout(QUERY_SECONDS);
                                try (var row = statement.executeQuery(query)) {
                                    return row.next() && row.getBoolean(1);
                                }
                            }
                        });
    }

    private boolean succeeds() throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(config.command().toString())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            try {
                return process.waitFor(QUERY_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            LOG.warn("{} can't be run: {}", config.command(), e.getMessage());
            return false;
        }
    }
}
