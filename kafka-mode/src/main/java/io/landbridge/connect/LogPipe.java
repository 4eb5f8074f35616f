package io.landbridge.connect;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The log's messages on their way from the thread that reads it to the one that Connect polls: what
 * has come since the last poll goes into records together, so that a backlog makes them larger.
 * What waits here is bounded; a full pipe holds the reading thread.
 */
final class LogPipe {

    private static final int CAPACITY = 16 * RawRecords.MOST_BYTES;
    private static final int FIRST_BYTES = 4 << 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition come = lock.newCondition();
    private final Condition gone = lock.newCondition();
    private final Deque<byte[]> full = new ArrayDeque<>();
    private ByteBuffer last = ByteBuffer.allocate(FIRST_BYTES);

    /** Takes one message, from its position on. */
    void put(ByteBuffer message) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            ByteBuffer from = message.duplicate();
            write(ByteBuffer.allocate(RawRecords.LENGTH_BYTES).putInt(0, from.remaining()));
            write(from);
            come.signal();
        } finally {
            lock.unlock();
        }
    }

    private void write(ByteBuffer from) throws InterruptedException {
        while (from.hasRemaining()) {
            if (last.position() == RawRecords.MOST_BYTES) {
                cut();
            }
            grow(from.remaining());
            int count = Math.min(from.remaining(), last.remaining());
            last.put(from.slice(from.position(), count));
            from.position(from.position() + count);
        }
    }

    private void grow(int wanted) {
        int size = last.capacity();
        while (size - last.position() < wanted && size < RawRecords.MOST_BYTES) {
            size *= 2;
        }
        if (size > last.capacity()) {
            last = ByteBuffer.allocate(size).put(last.flip());
        }
    }

    /** The last record is full; waits while all that may wait does. */
    private void cut() throws InterruptedException {
        while (full.size() * RawRecords.MOST_BYTES >= CAPACITY) {
            come.signal();
            gone.await();
        }
        if (last.position() == RawRecords.MOST_BYTES) {
            full.add(last.array());
            last = ByteBuffer.allocate(RawRecords.MOST_BYTES);
        }
    }

    /** The values of the next records; waits a moment for them. */
    List<byte[]> take(long millis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (full.isEmpty() && last.position() == 0 && nanos > 0) {
                nanos = come.awaitNanos(nanos);
            }
            List<byte[]> taken = new ArrayList<>(full);
            full.clear();
            if (last.position() > 0) {
                byte[] value = new byte[last.position()];
                last.flip().get(value);
                taken.add(value);
                last.clear();
            }
            gone.signal();
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
