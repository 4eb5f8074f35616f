package io.landbridge.capture;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.landbridge.fault.Fault;
import io.landbridge.offsets.Lsn;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
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

    private final String name;
    private final EngineRun engine;
    private final Receiver receiver;
    private final AtomicReference<Lsn> due = new AtomicReference<>();

    private final Reception reception = new Reception();

    private volatile Throwable failure;
    private volatile Throwable received;

    CaptureSession(Properties properties, Receiver receiver) {
        this.name = properties.getProperty("topic.prefix");
        this.receiver = receiver;
        this.engine =
                new EngineRun(
                        DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                                .using(properties)
                                .using((success, message, error) -> failure = error)
                                .notifying(this)
                                .build());
    }

    /**
     * Streams until the session ends.
     *
     * @return why it ended; null when it was closed
     */
    Throwable run() {
        Handover.Receiver taking = this::message;
        Handover.SESSIONS.open(name, taking);
        try {
            engine.run();
        } finally {
            Handover.SESSIONS.close(name, taking);
            reception.end();
        }
        // What our own code threw counts more than what Debezium made of it.
        return received != null ? received : failure;
    }

    private boolean message(ByteBuffer message) throws InterruptedException {
        boolean commits = message.get(message.position()) == COMMIT;
        if (!reception.enter()) {
            throw new InterruptedException("the session has ended");
        }
        try {
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
            reception.leave();
        }
    }

    /** How long nothing has come; none while something is being received. */
    Duration silence() {
        return reception.silence();
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
        engine.skip();
    }

    /** Ends the session from another thread; {@link #run} is about to return then. */
    void close() {
        engine.close();
    }
}
