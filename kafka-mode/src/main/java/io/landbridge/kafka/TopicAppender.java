package io.landbridge.kafka;

import io.landbridge.buffer.ExcerptPacker;
import io.landbridge.buffer.ExcerptTail;
import io.landbridge.buffer.Written;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableLayout;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.kafka.Outbox.Parcel;
import io.landbridge.offsets.SourcePosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writing end of a topic, from one start of a producer to its first failure: events are packed
 * on the appending thread and sent on another, so that transactions of the source which come while
 * one of Kafka's is being committed share the next. What failed once stays failed; a new appender
 * begins where the topic then ends.
 */
final class TopicAppender implements ExcerptPacker.Sink, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicAppender.class);

    private static final ExcerptPacker.Sizes SIZES = new ExcerptPacker.Sizes(64 << 10, 256 << 10);

    /** Bytes that wait to be sent, at most. */
    private static final long MOST_QUEUED = 8L << 20;

    /** Layouts travel with the excerpt: a record must not outgrow what brokers take. */
    private static final int MOST_LAYOUT_BYTES = 128 << 10;

    /** What was not acknowledged by then is not waited for: nobody was told that it is safe. */
    private static final long CLOSE_MILLIS = 5_000;

    private final TopicPartition partition;
    private final Outbox outbox;
    private final LogIndex index;
    private final Written written;
    private final long maxBytes;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition toSend = lock.newCondition();
    private final Condition progress = lock.newCondition();

    private final ExcerptPacker packer;
    private final List<TableLayout> layouts = new ArrayList<>();
    private final IdentityHashMap<TableLayout, Integer> layoutIds = new IdentityHashMap<>();
    private int layoutBytes;
    private final Deque<Parcel> queue = new ArrayDeque<>();
    private long queuedBytes;
    private long bytes;
    private boolean flushing;
    private boolean dropping;
    private boolean closing;
    private long letThrough;
    private Fault failure;
    private volatile boolean full;
    private SourcePosition committed;

    /**
     * @param outbox closed with this
     * @param tail where the topic ends
     * @param bytes of all excerpts up to there
     * @param maxBytes most bytes of excerpts that may wait to be applied
     */
    TopicAppender(
            TopicPartition partition,
            Outbox outbox,
            LogIndex index,
            Written written,
            ExcerptTail tail,
            long bytes,
            long maxBytes) {
        this.partition = partition;
        this.outbox = outbox;
        this.index = index;
        this.written = written;
        this.bytes = bytes;
        this.maxBytes = maxBytes;
        this.committed = tail.lastCommit();
        this.packer = new ExcerptPacker(SIZES, this::layoutId, this, tail);
        written.advance(tail.last(), tail.events());
        this.thread = new Thread(this::send, "landbridge kafka");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** See {@link io.landbridge.buffer.ChangeBuffer#append}. */
    void append(SourceEvent event) throws InterruptedException {
        lock.lock();
        try {
            checkUsable();
            packer.append(event);
        } finally {
            lock.unlock();
        }
    }

    private int layoutId(TableLayout layout) {
        Integer known = layoutIds.putIfAbsent(layout, layouts.size());
        if (known != null) {
            return known;
        }
        layouts.add(layout);
        layoutBytes += 64;
        for (String column : layout.columns()) {
            layoutBytes += 4 + 3 * column.length();
        }
        return layouts.size() - 1;
    }

    @Override
    public void awaitRoom(long more) throws InterruptedException {
        if (layoutBytes > MOST_LAYOUT_BYTES) {
            packer.flush();
        }
        while (queuedBytes > MOST_QUEUED) {
            progress.await();
            checkUsable();
        }
        if (isWithinBound(more) || isLetThrough()) {
            return;
        }
        // What is committed shows whether applying it would make room.
        packer.flush();
        while (written.sequence() < packer.whole()) {
            progress.await();
            checkUsable();
        }
        if (!isRoomFor(more)) {
            LOG.warn("BUFFER_FULL: {} holds {} bytes; capture waits", partition.topic(), held());
            full = true;
            try {
                while (!isRoomFor(more)) {
                    var unused = progress.await(1, TimeUnit.SECONDS);
                    checkUsable();
                }
            } finally {
                full = false;
            }
            LOG.info("the buffer has room again");
        }
    }

    private boolean isRoomFor(long more) {
        if (isWithinBound(more)) {
            return true;
        }
        if (index.canShrink(packer.openSince())) {
            return false;
        }
        LOG.warn(
                "one transaction takes more than the buffer's bound of {} bytes: going beyond it"
                        + " until the transaction ends",
                maxBytes);
        letThrough = packer.openSince();
        return true;
    }

    private boolean isWithinBound(long more) {
        return held() + packer.pendingBytes() + more <= maxBytes;
    }

    /** Whether the transaction that is open goes beyond the bound, since waiting would not end. */
    private boolean isLetThrough() {
        return letThrough != 0 && letThrough == packer.openSince();
    }

    /** Bytes of excerpts that were appended and not trimmed away. */
    private long held() {
        return index.isEmpty() ? bytes : bytes - index.first().bytesBefore();
    }

    @Override
    public void write(byte[] content, int size, boolean more, long sequence, long events) {
        queue.add(
                new Parcel(
                        StoredExcerpt.record(
                                partition, sequence, Arrays.copyOf(content, size), layouts, bytes),
                        sequence,
                        more,
                        events,
                        bytes,
                        packer.lastCommit()));
        bytes += size;
        queuedBytes += size;
        clearLayouts();
        toSend.signal();
    }

    private void clearLayouts() {
        layouts.clear();
        layoutIds.clear();
        layoutBytes = 0;
    }

    /** Pieces that are queued are of that event only: it is preceded by a flush. */
    @Override
    public void dropAfter(long sequence) {
        while (!queue.isEmpty() && queue.peekLast().sequence() > sequence) {
            Parcel dropped = queue.removeLast();
            bytes -= dropped.bytes();
            queuedBytes -= dropped.bytes();
        }
        dropping = true;
        toSend.signal();
        while (dropping && failure == null) {
            progress.awaitUninterruptibly();
        }
        clearLayouts();
    }

    @Override
    public void ended(SourcePosition lastCommit) {
        // Where a transaction began and ended is in the excerpts themselves.
    }

    /** See {@link io.landbridge.buffer.ChangeBuffer#flush}. */
    void flush() {
        lock.lock();
        try {
            checkUsable();
            flushing = true;
            toSend.signal();
        } finally {
            lock.unlock();
        }
    }

    /** See {@link io.landbridge.buffer.ChangeBuffer#force}. */
    Optional<SourcePosition> force() {
        lock.lock();
        try {
            checkUsable();
            packer.flush();
            long last = packer.whole();
            while (written.sequence() < last) {
                progress.await();
                checkUsable();
            }
            return Optional.ofNullable(committed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KafkaFaults.unreachable("interrupted while waiting for Kafka", e);
        } finally {
            lock.unlock();
        }
    }

    Optional<SourcePosition> last() {
        return Optional.ofNullable(packer.lastCommit());
    }

    boolean isFull() {
        return full;
    }

    long bytes() {
        lock.lock();
        try {
            return held();
        } finally {
            lock.unlock();
        }
    }

    /** Why nothing can be appended any more; empty while it can. */
    Optional<Fault> failure() {
        lock.lock();
        try {
            return Optional.ofNullable(failure);
        } finally {
            lock.unlock();
        }
    }

    /** Wakes an append that waits. */
    void roomWasMade() {
        lock.lock();
        try {
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void checkUsable() {
        if (failure != null) {
            throw failure;
        }
        if (closing) {
            throw new IllegalStateException("the buffer is closed");
        }
    }

    private void send() {
        try (outbox) {
            while (awaitWork()) {
                sendQueued();
            }
        } catch (InterruptedException e) {
            failed(Fault.of(FaultCode.INTERNAL, "the sending thread was interrupted", e));
        } catch (RuntimeException e) {
            failed(KafkaFaults.of("can't write to topic " + partition.topic(), e));
        }
    }

    /** False when the appender closes and nothing is left to send. */
    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                if (flushing) {
                    packer.flush();
                    flushing = false;
                }
                if (!queue.isEmpty() || dropping) {
                    return true;
                }
                if (closing) {
                    return false;
                }
                toSend.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void sendQueued() throws InterruptedException {
        for (Parcel next = take(); next != null; next = take()) {
            // The pieces of a large event may have to be dropped: nothing else goes with them.
            if (next.more() && outbox.isWhole()) {
                landed(outbox.commit());
            }
            outbox.send(next);
        }
        if (outbox.isWhole()) {
            landed(outbox.commit());
        } else if (isDropping()) {
            outbox.abort();
        } else {
            return;
        }
        dropped();
    }

    private Parcel take() {
        lock.lock();
        try {
            Parcel next = queue.poll();
            if (next != null) {
                queuedBytes -= next.bytes();
                progress.signalAll();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private boolean isDropping() {
        lock.lock();
        try {
            return dropping;
        } finally {
            lock.unlock();
        }
    }

    /** Of an event that is to be dropped nothing is queued any more when this is asked. */
    private void dropped() {
        lock.lock();
        try {
            dropping = false;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void landed(Parcel last) {
        if (last == null) {
            return;
        }
        lock.lock();
        try {
            committed = last.lastCommit();
            written.advance(last.sequence(), last.events());
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void failed(Fault fault) {
        lock.lock();
        try {
            failure = fault;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
        LOG.warn("{}", fault.describe());
    }

    /** Sends what was appended, if Kafka lets us. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            flushing = true;
            toSend.signal();
            progress.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
        while (thread.isAlive()) {
            if (System.nanoTime() - deadline > 0) {
                thread.interrupt();
            }
            try {
                thread.join(100);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
