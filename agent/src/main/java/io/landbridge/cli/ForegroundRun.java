package io.landbridge.cli;

import io.landbridge.Migration;
import io.landbridge.MigrationBuilder;
import io.landbridge.config.Configuration;
import io.landbridge.config.LoadedConfiguration;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.observe.AgentServer;
import io.landbridge.observe.CloudWatch;
import io.landbridge.observe.ServiceNotices;
import io.landbridge.phase.Until;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A migration in this process: opened, served over HTTP, shown, stopped by signals, closed in
 * reverse order.
 */
final class ForegroundRun {

    private static final Logger LOG = LoggerFactory.getLogger(ForegroundRun.class);

    /** As a shell has it for a program that Ctrl-C ended. */
    private static final int STOPPED_BEFORE_GOAL = 130;

    private static final long WATCH_MILLIS = 1_000;

    private final Supplier<MigrationBuilder> migrations;

    ForegroundRun(Supplier<MigrationBuilder> migrations) {
        this.migrations = migrations;
    }

    /**
     * Carries the migration on until it is stopped, with nobody at a terminal: SIGHUP has the
     * configuration read again, and systemd is told how it goes. Otherwise as {@link #run}.
     *
     * @param environment as the service manager has set it
     */
    int serve(
            ConfigurationSource source, LoadedConfiguration loaded, Map<String, String> environment)
            throws InterruptedException {
        return run(source, loaded, Until.STOPPED, ProgressView.NONE, Optional.of(environment));
    }

    /**
     * Carries the migration on until {@code goal} and returns the exit status.
     *
     * @param source what gave {@code loaded}; watched
     * @throws io.landbridge.fault.Fault when it can't go on
     */
    int run(ConfigurationSource source, LoadedConfiguration loaded, Until goal, ProgressView view)
            throws InterruptedException {
        return run(source, loaded, goal, view, Optional.empty());
    }

    private int run(
            ConfigurationSource source,
            LoadedConfiguration loaded,
            Until goal,
            ProgressView view,
            Optional<Map<String, String>> service)
            throws InterruptedException {
        Configuration configuration = loaded.configuration();
        LOG.info("the configuration in effect:\n{}", loaded.describe());
        AtomicReference<Migration> opened = new AtomicReference<>();
        boolean reached;
        try (HaltTimer timer = new HaltTimer();
                Signals signals = Signals.stopping(() -> stop(opened.get()), timer);
                Migration migration = migrations.get().configuration(configuration).open();
                Server server = serve(configuration, migration);
                Server export = export(configuration, migration);
                ConfigurationWatch watch =
                        ConfigurationWatch.start(source, loaded, migration, WATCH_MILLIS);
                Server notices = tell(service, migration);
                ProgressThread progress = ProgressThread.start(migration.control(), view)) {
            opened.set(migration);
            if (signals.wereReceived()) {
                migration.stop();
            }
            if (service.isPresent()) {
                signals.listen("HUP", watch::readAgain);
            }
            LOG.debug("{}, {}, {}, {}, {} are up", server, export, watch, notices, progress);
            reached = carryOn(migration, goal, timer);
        }
        if (reached) {
            LOG.info("done: {}", goal.spelling());
            return 0;
        }
        LOG.info("stopped; the next start goes on from here");
        return goal == Until.STOPPED ? 0 : STOPPED_BEFORE_GOAL;
    }

    /**
     * An Error (no memory, a class that is missing) leaves nothing to rely on: the process ends, by
     * force when it can't close what it has opened.
     */
    private static boolean carryOn(Migration migration, Until goal, HaltTimer timer)
            throws InterruptedException {
        try {
            return migration.runUntil(goal);
        } catch (Error e) {
            FaultCode code = FaultCode.INTERNAL;
            timer.start(code.name(), code.kind().exitStatus());
            throw Fault.of(code, "the agent can't go on in this process: " + e, e)
                    .hint(
                            "start it again: it goes on from the last commit. Report it with the"
                                    + " log");
        }
    }

    private static void stop(Migration migration) {
        if (migration != null) {
            migration.stop();
        }
    }

    private static Server serve(Configuration configuration, Migration migration) {
        if (configuration.http().port() < 0) {
            return () -> {};
        }
        return AgentServer.start(configuration.http(), migration.control(), configuration.reports())
                ::close;
    }

    private static Server export(Configuration configuration, Migration migration) {
        if (configuration.metrics().cloudwatchNamespace().isEmpty()) {
            return () -> {};
        }
        return CloudWatch.start(configuration.metrics(), migration.control())::close;
    }

    private static Server tell(Optional<Map<String, String>> service, Migration migration) {
        return service.flatMap(
                        environment -> ServiceNotices.start(environment, migration.control()))
                .<Server>map(notices -> notices::close)
                .orElse(() -> {});
    }

    /** What serves or sends, or nothing when it is switched off. */
    private interface Server extends AutoCloseable {
        @Override
        void close();
    }
}
