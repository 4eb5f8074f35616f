package io.landbridge.cli;

import io.landbridge.Migration;
import io.landbridge.MigrationBuilder;
import io.landbridge.MigrationListener;
import io.landbridge.config.LoadedConfiguration;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
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
        return run(
                source,
                loaded,
                Until.STOPPED,
                new MigrationListener() {},
                Optional.of(environment));
    }

    /**
     * Carries the migration on until {@code goal} and returns the exit status.
     *
     * @param source what gave {@code loaded}; watched
     * @throws io.landbridge.fault.Fault when it can't go on
     */
    int run(
            ConfigurationSource source,
            LoadedConfiguration loaded,
            Until goal,
            MigrationListener listener)
            throws InterruptedException {
        return run(source, loaded, goal, listener, Optional.empty());
    }

    private int run(
            ConfigurationSource source,
            LoadedConfiguration loaded,
            Until goal,
            MigrationListener listener,
            Optional<Map<String, String>> service)
            throws InterruptedException {
        LOG.info("the configuration in effect:\n{}", loaded.describe());
        AtomicReference<Migration> opened = new AtomicReference<>();
        boolean reached;
        try (HaltTimer timer = new HaltTimer();
                Signals signals = Signals.stopping(() -> stop(opened.get()), timer);
                Migration migration =
                        migrations
                                .get()
                                .configuration(loaded.configuration())
                                .listener(listener)
                                .serve()
                                .open();
                ConfigurationWatch watch =
                        ConfigurationWatch.start(source, loaded, migration, WATCH_MILLIS);
                ServiceNotices notices = notices(service, migration)) {
            opened.set(migration);
            if (signals.wereReceived()) {
                migration.stop();
            }
            if (service.isPresent()) {
                signals.listen("HUP", watch::readAgain);
            }
            LOG.debug("{} and {} are up", watch, notices);
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

    /** Null, which nobody closes, without a service manager that wants to be told. */
    private static ServiceNotices notices(
            Optional<Map<String, String>> service, Migration migration) {
        return service.flatMap(
                        environment -> ServiceNotices.start(environment, migration.control()))
                .orElse(null);
    }
}
