package io.landbridge.connect;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresOffsetContext;
import io.debezium.connector.postgresql.PostgresPartition;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.pgoutput.PgOutputMessageDecoder;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import io.landbridge.capture.handover.Handover;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Debezium's task, which connects and keeps the slot; our decoder hands pgoutput's messages over,
 * and they become Connect's records as they are.
 *
 * <p>What Kafka has is not what the source may forget: only the agent knows that, and says so in
 * the source's own log ({@link SafePosition}). So the slot is never past what the agent has, and
 * whatever is lost between here and there can be had again.
 */
public final class PostgresLogTask extends PostgresConnectorTask {

    private static final long LOOK_NANOS = 500_000_000;
    private static final long NOTHING = 0;

    private final AtomicLong safe = new AtomicLong(NOTHING);
    private String name;
    private LogRecords records;
    private Handover.Receiver receiver;
    private long lookedAt = System.nanoTime();

    @Override
    public ChangeEventSourceCoordinator<PostgresPartition, PostgresOffsetContext> start(
            Configuration config) {
        PlugIn.check(List.of(PgOutputMessageDecoder.class, TypeRegistry.class));
        name = config.getString("topic.prefix");
        String slot = config.getString("slot.name");
        LogRecords opened = new LogRecords(config);
        records = opened;
        safe.set(NOTHING);
        receiver = message -> receive(slot, opened, message);
        Handover.SESSIONS.open(name, receiver);
        return super.start(config);
    }

    private boolean receive(String slot, LogRecords into, ByteBuffer message)
            throws InterruptedException {
        long told = SafePosition.in(message, slot);
        if (told != NOTHING) {
            safe.set(told);
        } else {
            into.put(message);
        }
        return false;
    }

    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
        long now = System.nanoTime();
        if (now - lookedAt > LOOK_NANOS) {
            lookedAt = now;
            // Nothing comes this way but what ended the reading thread.
            var unused = super.doPoll();
        }
        long told = safe.getAndSet(NOTHING);
        if (told != NOTHING) {
            coordinator.commitOffset(
                    Map.of(), Map.of(PostgresOffsetContext.LAST_COMMIT_LSN_KEY, told));
        }
        return records.poll();
    }

    @Override
    public void commitRecord(SourceRecord record, RecordMetadata metadata) {
        // Kafka has it. That alone lets the source forget nothing.
    }

    @Override
    protected void doStop() {
        if (receiver != null) {
            Handover.SESSIONS.close(name, receiver);
        }
        super.doStop();
    }
}
