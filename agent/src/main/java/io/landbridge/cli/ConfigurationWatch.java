package io.landbridge.cli;

import io.landbridge.Migration;
import io.landbridge.config.LoadedConfiguration;
import io.landbridge.config.Setting;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration again when its file has changed, and when somebody says so, and has the
 * migration take over what can be changed while it runs. The rest is named in the log, and counts
 * from the next start on. Everything happens on a thread of its own.
 */
final class ConfigurationWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationWatch.class);

    private final ConfigurationSource source;
    private final Migration migration;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "configuration");
                        thread.setDaemon(true);
                        return thread;
                    });
    private LoadedConfiguration inEffect;
    private byte[] seen;
    private boolean changed;

    private ConfigurationWatch(
            ConfigurationSource source, LoadedConfiguration inEffect, Migration migration) {
        this.source = source;
        this.inEffect = inEffect;
        this.migration = migration;
    }

    /**
     * Watches from now on.
     *
     * @param inEffect what {@code source} gave when {@code migration} was opened
     * @param millis how often the file is looked at
     */
    static ConfigurationWatch start(
            ConfigurationSource source,
            LoadedConfiguration inEffect,
            Migration migration,
            long millis) {
        ConfigurationWatch watch = new ConfigurationWatch(source, inEffect, migration);
        watch.seen = watch.content();
        source.file()
                .ifPresent(
                        file -> {
                            var unused =
                                    watch.timer.scheduleWithFixedDelay(
                                            watch::look, millis, millis, TimeUnit.MILLISECONDS);
                        });
        return watch;
    }

    /** Reads the configuration again; returns at once. */
    void readAgain() {
        timer.execute(this::take);
    }

    /** What has just changed may be half written: it counts when it is the same a look later. */
    private void look() {
        byte[] now = content();
        if (!Arrays.equals(now, seen)) {
            seen = now;
            changed = true;
        } else if (changed) {
            changed = false;
            take();
        }
    }

    /** Nothing while the file is not there, as when it is being replaced. */
    private byte[] content() {
        try {
            return source.file().isEmpty()
                    ? new byte[0]
                    : Files.readAllBytes(source.file().orElseThrow());
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private void take() {
        try {
            AtomicReference<LoadedConfiguration> next = new AtomicReference<>();
            migration.reconfigure(
                    () -> {
                        next.set(source.read());
                        return next.get().configuration();
                    });
            tell(next.get());
            inEffect = next.get();
        } catch (Fault why) {
            boolean ours = why.code() == FaultCode.INTERNAL;
            LOG.warn("the configuration stays as it is: {}", why.describe(), ours ? why : null);
        }
    }

    private void tell(LoadedConfiguration next) {
        Map<String, String> before =
                inEffect.settings().stream()
                        .collect(Collectors.toMap(Setting::key, Setting::value, (a, b) -> b));
        List<String> later =
                next.settings().stream()
                        .filter(setting -> !setting.value().equals(before.get(setting.key())))
                        .map(Setting::key)
                        .filter(key -> !key.equals("transport.mode") && !key.startsWith("kafka."))
                        .toList();
        LOG.info(
                "configuration read again{}",
                later.isEmpty() ? "" : "; these count from the next start on: " + later);
    }

    /** Where it looks, for whoever debugs. */
    @Override
    public String toString() {
        return "watch over " + source.file().map(Path::toString).orElse("no file");
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
