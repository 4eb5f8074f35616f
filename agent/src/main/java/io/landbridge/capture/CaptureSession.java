package io.landbridge.capture;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.landbridge.fault.Fault;
import io.landbridge.offsets.Lsn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * One run of Debezium's engine, from a checked slot to the loss of its connection or to {@link
 * #close}. {@link #run} blocks its thread; messages arrive on the one of the engine's that reads
 * the connection, what is to be told to the source leaves on another.
 */
final class CaptureSession
        implements DebeziumEngine.ChangeConsumer<RecordChangeEvent<SourceRecord>> {

    /** What a session does with what it receives; called on one thread at a time. */
    interface Receiver {

        /** Takes one message of the stream. */
        void message(ByteBuffer message) throws InterruptedException;

        /** What the source may be told, after the message that ends a transaction. */
        Optional<Lsn> transactionEnd();
    }

    private static final String COMMIT_POSITION = "lsn_commit";
    private static final String POSITION = "lsn_proc";
    private static final byte COMMIT = 'C';
    private static final long PATIENCE_MILLIS = 100;
    private static final long LONGEST_END_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final String name;
    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private final Receiver receiver;
    private final AtomicReference<Lsn> due = new AtomicReference<>();

    /** Held while a message is received, so that none is after the session's end. */
    private final ReentrantLock receiving = new ReentrantLock();

    /** In the engine; null before and after. Guarded by this. */
    private Thread running;

    private volatile Thread reading;
    private volatile Throwable failure;
    private volatile Throwable received;
    private volatile boolean ended;
    private volatile long heardAt = System.nanoTime();

    CaptureSession(Properties properties, Receiver receiver) {
        this.name = properties.getProperty("topic.prefix");
        this.receiver = receiver;
        this.engine =
                DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                        .using(properties)
                        .using((success, message, error) -> failure = error)
                        .notifying(this)
                        .build();
    }

    /**
     * Streams until the session ends.
     *
     * @return why it ended; null when it was closed
     */
    Throwable run() {
        Handover.Receiver taking = this::message;
        Handover.open(name, taking);
        enter();
        try {
            engine.run();
        } finally {
            leave();
            Handover.close(name, taking);
            awaitReading();
        }
        // What our own code threw counts more than what Debezium made of it.
        return received != null ? received : failure;
    }

    private synchronized void enter() {
        running = Thread.currentThread();
    }

    /** From here on {@link #close} interrupts nobody. */
    private synchronized void leave() {
        running = null;
        var unused = Thread.interrupted();
    }

    private synchronized void interruptRun() {
        if (running != null) {
            running.interrupt();
        }
    }

    /** Debezium gives its reading thread little time; a next session must not meet it. */
    private void awaitReading() {
        boolean interrupted = false;
        try {
            while (!ended) {
                try {
                    if (receiving.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                        ended = true;
                        receiving.unlock();
                    } else {
                        reading.interrupt();
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean message(ByteBuffer message) throws InterruptedException {
        boolean commits = message.get(message.position()) == COMMIT;
        receiving.lock();
        try {
            if (ended) {
                throw new InterruptedException("the session has ended");
            }
            reading = Thread.currentThread();
            receiver.message(message);
            if (!commits) {
                return false;
            }
            Optional<Lsn> safe = receiver.transactionEnd();
            safe.ifPresent(due::set);
            return safe.isPresent();
        } catch (RuntimeException | Error e) {
            received = e;
            throw e;
        } finally {
            heardAt = System.nanoTime();
            receiving.unlock();
        }
    }

    /** How long nothing has come; none while something is being received. */
    Duration silence() {
        return receiving.isLocked() ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - heardAt);
    }

    /** Ends the session from another thread; {@link #run} returns {@code why}. */
    void breakOff(Fault why) {
        received = why;
        close();
    }

    /** Only the position counts: it goes to the slot, and nowhere else. */
    @Override
    public void handleBatch(
            List<RecordChangeEvent<SourceRecord>> records,
            RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        Lsn safe = due.getAndSet(null);
        if (safe != null) {
            DebeziumEngine.Offsets offsets = committer.buildOffsets();
            offsets.set(COMMIT_POSITION, safe.value());
            offsets.set(POSITION, safe.value());
            committer.markProcessed(records.get(records.size() - 1), offsets);
        }
        committer.markBatchFinished();
    }

    /** Says that {@link #run} will not be called, so that {@link #close} does not wait for it. */
    void skip() {
        ended = true;
    }

    /**
     * Ends the session from another thread and returns when its threads are done. An engine that is
     * closed just before its tasks begin waits for them for ever: it is interrupted then.
     */
    void close() {
        long closedAt = 0;
        while (!ended) {
            if (closedAt != 0 && System.nanoTime() - closedAt > LONGEST_END_NANOS) {
                interruptRun();
            }
            try {
                engine.close();
                closedAt = closedAt == 0 ? System.nanoTime() : closedAt;
            } catch (IllegalStateException e) {
                // It is starting, which can't be interrupted, or is ending already.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
