package io.landbridge.cli;

import io.landbridge.phase.MigrationControl;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for the status again and again and shows it; the last time when it is closed. */
final class ProgressThread implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProgressThread.class);

    private final MigrationControl control;
    private final ProgressView view;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Thread thread = new Thread(this::loop, "progress");

    private ProgressThread(MigrationControl control, ProgressView view) {
        this.control = control;
        this.view = view;
    }

    static ProgressThread start(MigrationControl control, ProgressView view) {
        ProgressThread progress = new ProgressThread(control, view);
        progress.thread.setDaemon(true);
        progress.thread.start();
        return progress;
    }

    private void loop() {
        try {
            do {
                show();
            } while (!ending.await(view.interval().toMillis(), TimeUnit.MILLISECONDS));
            show();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void show() {
        try {
            view.show(control.status());
        } catch (RuntimeException e) {
            LOG.warn("couldn't show the progress", e);
        }
    }

    @Override
    public void close() {
        ending.countDown();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
