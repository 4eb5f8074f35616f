package io.landbridge.observe;

import io.landbridge.phase.MigrationControl;
import io.landbridge.phase.MigrationStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd, when that started the agent, that it serves, in which phase it is, that it stops;
 * and, while {@code /health/live} would say so, that it lives: systemd restarts an agent that it
 * hears nothing of for as long as the unit's {@code WatchdogSec}. By {@code systemd-notify}, since
 * Java has no sockets of that kind; a thread of its own does it.
 *
 * <p>See sd_notify(3). Nothing happens where {@code NOTIFY_SOCKET} is not set.
 */
public final class ServiceNotices implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceNotices.class);
    private static final Duration WITHOUT_WATCHDOG = Duration.ofSeconds(10);
    private static final long PATIENCE_SECONDS = 10;

    private final MigrationControl control;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    work -> {
                        Thread created = new Thread(work, "systemd");
                        created.setDaemon(true);
                        return created;
                    });
    private boolean complained;

    private ServiceNotices(MigrationControl control) {
        this.control = control;
    }

    /**
     * Says "ready" and tells from now on how it goes; empty where nobody wants to know.
     *
     * @param environment as systemd has set it for the agent
     */
    public static Optional<ServiceNotices> start(
            Map<String, String> environment, MigrationControl control) {
        if (environment.getOrDefault("NOTIFY_SOCKET", "").isEmpty()) {
            return Optional.empty();
        }
        ServiceNotices notices = new ServiceNotices(control);
        long millis = interval(environment).toMillis();
        notices.thread.execute(() -> notices.say("READY=1"));
        var unused =
                notices.thread.scheduleAtFixedRate(notices::look, 0, millis, TimeUnit.MILLISECONDS);
        return Optional.of(notices);
    }

    /** A third of what the watchdog allows: two may be late. */
    private static Duration interval(Map<String, String> environment) {
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        return micros.isEmpty()
                ? WITHOUT_WATCHDOG
                : Duration.ofNanos(Long.parseLong(micros) * 1_000 / 3);
    }

    private void look() {
        MigrationStatus status = control.status();
        if (Health.threadsThatBlockEachOther() == 0) {
            say("WATCHDOG=1", "STATUS=" + status.stage().phase() + ", " + status.stage().step());
        }
    }

    private void say(String... what) {
        List<String> command = new ArrayList<>(List.of("systemd-notify"));
        command.addAll(List.of(what));
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        || process.exitValue() != 0) {
                    complain("systemd-notify " + List.of(what) + " does not succeed");
                }
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            complain("systemd-notify can't be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void complain(String what) {
        if (!complained) {
            complained = true;
            LOG.warn("{}; systemd will take this agent for one that hangs", what);
        }
    }

    /** Says "stopping". */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.debug("systemd-notify still runs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        say("STOPPING=1");
    }
}
