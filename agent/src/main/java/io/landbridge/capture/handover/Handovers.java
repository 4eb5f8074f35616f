package io.landbridge.capture.handover;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where a class of ours that Debezium makes finds the session that it works for: under the engine's
 * topic prefix, of which no two sessions run at the same time. Thread-safe.
 *
 * @param <R> what a session takes
 */
public final class Handovers<R> {

    private final Map<String, R> receivers = new ConcurrentHashMap<>();

    public void open(String name, R receiver) {
        receivers.put(name, receiver);
    }

    public void close(String name, R receiver) {
        receivers.remove(name, receiver);
    }

    /** The session of the engine whose topic prefix is {@code name}. */
    public R receiver(String name) {
        R receiver = receivers.get(name);
        if (receiver == null) {
            throw new IllegalStateException("the session " + name + " has ended");
        }
        return receiver;
    }
}
