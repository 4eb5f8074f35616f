package io.landbridge.capture;

import io.debezium.connector.base.QueueProvider;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;

/**
 * Holds what Debezium's reading thread passes to its engine. Where it is empty, it lets the asking
 * thread doze: Debezium's poll rounds what is left of its interval down to milliseconds and spins
 * through the last one, which costs a fifth of a core at an interval of 5 ms.
 *
 * <p>Debezium calls it under a lock of its own. Made by {@link java.util.ServiceLoader}.
 *
 * @param <T> what is passed
 */
public final class DozingQueue<T> implements QueueProvider<T> {

    /** How Debezium's configuration asks for it. */
    public static final String NAME = "landbridge";

    private static final long DOZE_NANOS = 500_000;

    private final Queue<T> queue = new ArrayDeque<>();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void configure(Map<String, ?> properties) {}

    @Override
    public void enqueue(T event) {
        queue.add(event);
    }

    @Override
    public T poll() {
        return queue.poll();
    }

    @Override
    public int size() {
        if (queue.isEmpty()) {
            LockSupport.parkNanos(DOZE_NANOS);
        }
        return queue.size();
    }
}
