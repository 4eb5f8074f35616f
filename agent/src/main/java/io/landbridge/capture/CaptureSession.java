package io.landbridge.capture;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.landbridge.capture.handover.Handover;
import io.landbridge.fault.Fault;
import io.landbridge.offsets.Lsn;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * One run of Debezium's engine in this process. Messages arrive on the thread of the engine's that
 * reads the connection, what is to be told to the source leaves on another.
 */
final class CaptureSession
        implements LogSession, DebeziumEngine.ChangeConsumer<RecordChangeEvent<SourceRecord>> {

    private static final String COMMIT_POSITION = "lsn_commit";
    private static final String POSITION = "lsn_proc";

    private final String name;
    private final EngineRun engine;
    private final MessageReceiver receiver;
    private final AtomicReference<Lsn> due = new AtomicReference<>();

    private final Reception reception = new Reception();

    private volatile Throwable failure;
    private volatile Throwable received;

    CaptureSession(Map<String, String> engineProperties, MessageReceiver receiver) {
        Properties properties = new Properties();
        properties.putAll(engineProperties);
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

    @Override
    public Throwable run() {
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
        boolean commits = message.get(message.position()) == MessageReceiver.COMMIT;
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

    @Override
    public Duration silence() {
        return reception.silence();
    }

    @Override
    public void breakOff(Fault why) {
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

    @Override
    public void skip() {
        engine.skip();
    }

    @Override
    public void close() {
        engine.close();
    }
}
