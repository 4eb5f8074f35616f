package io.landbridge.capture;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.OffsetBackingStore;
import org.apache.kafka.connect.util.Callback;

/**
 * Keeps nothing beyond a session. Debezium 3.6.1 loses rows when it starts from an offset of its
 * own that lies inside a transaction (debezium PR 7531); without one it streams from what the slot
 * confirmed, and what comes twice is dropped by its position.
 */
public final class NoOffsets implements OffsetBackingStore {

    /** What this session marked. Debezium reads it back to tell the slot: it keeps no copy. */
    private final Map<ByteBuffer, ByteBuffer> marked = new ConcurrentHashMap<>();

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public Future<Map<ByteBuffer, ByteBuffer>> get(Collection<ByteBuffer> keys) {
        Map<ByteBuffer, ByteBuffer> found = new HashMap<>(marked);
        found.keySet().retainAll(keys);
        return CompletableFuture.completedFuture(found);
    }

    @Override
    public Future<Void> set(Map<ByteBuffer, ByteBuffer> values, Callback<Void> callback) {
        marked.putAll(values);
        if (callback != null) {
            callback.onCompletion(null, null);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Set<Map<String, Object>> connectorPartitions(String connector) {
        return Set.of();
    }

    @Override
    public void configure(WorkerConfig config) {}
}
