package io.landbridge.load;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;

/**
 * Chunks that wait for a worker, in the order of work. Small ones, which cost round trips rather
 * than bytes, are handed out by the lot. Thread-safe.
 */
final class ChunkQueue {

    private static final long SMALL_BYTES = 256L << 10;
    private static final int MOST_IN_A_LOT = 64;

    private final Queue<Chunk> chunks;
    private final LoadControl control;

    ChunkQueue(Collection<Chunk> chunks, LoadControl control) {
        this.chunks = new ArrayDeque<>(chunks);
        this.control = control;
    }

    /**
     * What to copy next in one transaction, once the load isn't paused; empty when there is nothing
     * left or it is stopped.
     */
    List<Chunk> next() {
        List<Chunk> lot = new ArrayList<>();
        if (control.awaitGo()) {
            synchronized (chunks) {
                while (!chunks.isEmpty() && fits(lot, chunks.peek())) {
                    lot.add(chunks.remove());
                }
            }
        }
        return lot;
    }

    private static boolean fits(List<Chunk> lot, Chunk chunk) {
        return lot.isEmpty()
                || (lot.size() < MOST_IN_A_LOT
                        && lot.get(0).bytes() <= SMALL_BYTES
                        && chunk.bytes() <= SMALL_BYTES);
    }
}
