package io.landbridge.capture;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.landbridge.offsets.Lsn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * One run of Debezium's engine, from a checked slot to the loss of its connection or to {@link
 * #close}. {@link #run} blocks its thread; batches arrive on one of the engine's.
 */
final class CaptureSession
        implements DebeziumEngine.ChangeConsumer<RecordChangeEvent<SourceRecord>> {

    /** What a session does with what it receives; called on one thread at a time. */
    interface Receiver {

        /** Takes one chunk of the stream. */
        void chunk(ByteBuffer chunk) throws InterruptedException;

        /** What the source may be told, after the chunks of a batch. */
        Optional<Lsn> batchEnd();
    }

    private static final String COMMIT_POSITION = "lsn_commit";
    private static final String POSITION = "lsn_proc";

    private final DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
    private final Receiver receiver;
    private volatile Throwable failure;
    private volatile Throwable received;
    private volatile boolean ended;

    CaptureSession(Properties properties, Receiver receiver) {
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
        try {
            engine.run();
        } finally {
            ended = true;
        }
        // What our own code threw counts more than what Debezium made of it.
        return received != null ? received : failure;
    }

    @Override
    public void handleBatch(
            List<RecordChangeEvent<SourceRecord>> records,
            RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        try {
            for (RecordChangeEvent<SourceRecord> record : records) {
                ByteBuffer chunk = chunkOf(record.record());
                if (chunk != null) {
                    receiver.chunk(chunk);
                }
            }
            Optional<Lsn> safe = receiver.batchEnd();
            if (safe.isPresent()) {
                mark(records.get(records.size() - 1), safe.get(), committer);
            }
            committer.markBatchFinished();
        } catch (RuntimeException e) {
            received = e;
            throw e;
        }
    }

    /** Only the position counts: it goes to the slot, and nowhere else. */
    private static void mark(
            RecordChangeEvent<SourceRecord> record,
            Lsn safe,
            RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        DebeziumEngine.Offsets offsets = committer.buildOffsets();
        offsets.set(COMMIT_POSITION, safe.value());
        offsets.set(POSITION, safe.value());
        committer.markProcessed(record, offsets);
    }

    private static ByteBuffer chunkOf(SourceRecord record) {
        Struct value = (Struct) record.value();
        if (value == null || value.schema().field("message") == null) {
            return null;
        }
        Struct message = value.getStruct("message");
        if (!RawTransactions.PREFIX.equals(message.getString("prefix"))) {
            return null;
        }
        return (ByteBuffer) message.get("content");
    }

    /** Says that {@link #run} will not be called, so that {@link #close} does not wait for it. */
    void skip() {
        ended = true;
    }

    /** Ends the session from another thread and returns when its threads are done. */
    void close() {
        while (!ended) {
            try {
                engine.close();
            } catch (IllegalStateException e) {
                // It is starting, which can't be interrupted, or is ending already.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
