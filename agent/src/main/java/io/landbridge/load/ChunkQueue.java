package io.landbridge.load;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;

/** Chunks that wait for a worker, in the order of work. Thread-safe. */
final class ChunkQueue {

    private final Queue<Chunk> chunks;
    private final LoadControl control;

    ChunkQueue(Collection<Chunk> chunks, LoadControl control) {
        this.chunks = new ArrayDeque<>(chunks);
        this.control = control;
    }

    /** The next chunk, once the load isn't paused; null when there is none or it is stopped. */
    Chunk next() {
        if (!control.awaitGo()) {
            return null;
        }
        synchronized (chunks) {
            return chunks.poll();
        }
    }
}
