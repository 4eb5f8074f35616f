package io.landbridge.load;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What the outside asked of a running load. Thread-safe; once stopped it stays so. */
final class LoadControl {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean paused;
    private boolean stopped;

    void pause() {
        set(true, false);
    }

    void resume() {
        set(false, false);
    }

    void stop() {
        set(false, true);
    }

    private void set(boolean pause, boolean stop) {
        lock.lock();
        try {
            paused = pause;
            stopped |= stop;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isPaused() {
        lock.lock();
        try {
            return paused;
        } finally {
            lock.unlock();
        }
    }

    boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits while the load is paused.
     *
     * @return false when it is stopped
     */
    boolean awaitGo() {
        lock.lock();
        try {
            while (paused && !stopped) {
                changed.awaitUninterruptibly();
            }
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sleeps, paused or not.
     *
     * @return false, at once, when the load is stopped
     */
    boolean sleep(Duration time) {
        lock.lock();
        try {
            long left = time.toNanos();
            while (!stopped && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !stopped;
        } catch (InterruptedException e) {
            stopped = true;
            changed.signalAll();
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
