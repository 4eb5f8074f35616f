package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.Migration;
import io.landbridge.config.Configuration;
import io.landbridge.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** A migration that runs in a thread of its own, as the service does. */
public final class Service implements AutoCloseable {

    private final Migration migration;
    private final Thread thread;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    public Service(Configuration config) {
        migration = Migration.open(config);
        thread =
                new Thread(
                        () -> {
                            try {
                                migration.runUntil(Until.STOPPED);
                            } catch (Throwable e) {
                                failure.set(e);
                            }
                        });
        thread.start();
    }

    public MigrationControl control() {
        return migration.control();
    }

    public void awaitPhase(String phase) {
        Await.until(
                phase + ", is in " + migration.control().status().stage(),
                Duration.ofMinutes(2),
                () -> isIn(phase));
    }

    boolean isIn(String phase) {
        return migration.control().status().stage().phase().equals(phase);
    }

    /** Returns once a clean validation of now speaks for a cutover. */
    public void validate() {
        Instant began = Instant.now();
        control().validate(ComparisonOrder.USUAL);
        Await.until(
                "a clean validation, is " + control().status().validation(),
                Duration.ofMinutes(2),
                () ->
                        control().status().cutover().notReady().isEmpty()
                                && control()
                                        .status()
                                        .validation()
                                        .filter(it -> !it.startedAt().isBefore(began))
                                        .isPresent());
    }

    @Override
    public void close() {
        migration.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        migration.close();
        assertThat(failure.get()).isNull();
    }
}
