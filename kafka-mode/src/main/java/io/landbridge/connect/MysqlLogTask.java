package io.landbridge.connect;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import io.debezium.config.Configuration;
import io.debezium.connector.mysql.MySqlConnectorTask;
import io.debezium.connector.mysql.MySqlOffsetContext;
import io.debezium.connector.mysql.MySqlPartition;
import io.debezium.connector.mysql.MySqlStreamingChangeEventSource;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import io.landbridge.capture.handover.BinlogHandover;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Debezium's task, which sets the client of the binary log up; its events become Connect's records
 * as they are, from the place on that the agent names. A run that breaks ends: the agent knows
 * where the next one begins.
 */
public final class MysqlLogTask extends MySqlConnectorTask {

    /** Where the log is to be read from. */
    private static final String FILE = "landbridge.start.file";

    private static final String OFFSET = "landbridge.start.offset";

    private static final long LOOK_NANOS = 500_000_000;
    private static final long LOOK_MILLIS = 20;
    private static final long CONNECT_MILLIS = 10_000;

    /** A slow Kafka may hold up the reading for long; the server must not take that for a death. */
    private static final long SERVER_PATIENCE_SECONDS = 86_400;

    private String name;
    private LogRecords records;
    private BinlogHandover.Receiver receiver;
    private long lookedAt = System.nanoTime();

    @Override
    public ChangeEventSourceCoordinator<MySqlPartition, MySqlOffsetContext> start(
            Configuration config) {
        PlugIn.check(List.of(MySqlStreamingChangeEventSource.class));
        name = config.getString("topic.prefix");
        LogRecords opened = new LogRecords(config);
        records = opened;
        String file = config.getString(FILE);
        long offset = config.getLong(OFFSET);
        receiver =
                (client, running) -> {
                    client.setBinlogFilename(file);
                    client.setBinlogPosition(offset);
                    stream(client, running, opened);
                };
        BinlogHandover.SESSIONS.open(name, receiver);
        return super.start(config);
    }

    private static void stream(BinaryLogClient client, BooleanSupplier running, LogRecords into)
            throws InterruptedException {
        RawEvents events = new RawEvents();
        AtomicReference<Throwable> end = new AtomicReference<>();
        client.setKeepAlive(false);
        client.setGtidSet(null);
        client.setNetWriteTimeout(SERVER_PATIENCE_SECONDS);
        client.setEventDeserializer(events);
        client.registerEventListener(new Taking(events, into, end));
        client.registerLifecycleListener(new Ending(end));
        try {
            client.connect(CONNECT_MILLIS);
            while (running.getAsBoolean() && end.get() == null) {
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (IOException | TimeoutException e) {
            end.compareAndSet(null, e);
        } finally {
            disconnect(client);
        }
        if (running.getAsBoolean()) {
            throw new ConnectException("the log is read no further", end.get());
        }
    }

    private static void disconnect(BinaryLogClient client) {
        try {
            client.disconnect();
        } catch (IOException e) {
            throw new ConnectException(e);
        }
    }

    @Override
    public List<SourceRecord> doPoll() throws InterruptedException {
        long now = System.nanoTime();
        if (now - lookedAt > LOOK_NANOS) {
            lookedAt = now;
            // Nothing comes this way but what ended the reading thread.
            var unused = super.doPoll();
        }
        return records.poll();
    }

    @Override
    public void commitRecord(SourceRecord record, RecordMetadata metadata) {
        // The server is told nothing.
    }

    @Override
    protected void doStop() {
        if (receiver != null) {
            BinlogHandover.SESSIONS.close(name, receiver);
        }
        super.doStop();
    }

    /** Takes events on the client's thread; what it throws, the client would log and forget. */
    private static final class Taking implements BinaryLogClient.EventListener {

        private final RawEvents events;
        private final LogRecords into;
        private final AtomicReference<Throwable> end;
        private boolean begun;

        Taking(RawEvents events, LogRecords into, AtomicReference<Throwable> end) {
            this.events = events;
            this.into = into;
            this.end = end;
        }

        @Override
        public void onEvent(Event event) {
            if (end.get() != null) {
                return;
            }
            try {
                if (!begun) {
                    begun = true;
                    into.put(ByteBuffer.wrap(new byte[] {(byte) events.checksumBytes()}));
                }
                into.put(ByteBuffer.wrap(events.last()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                end.compareAndSet(null, e);
            } catch (RuntimeException | Error e) {
                end.compareAndSet(null, e);
            }
        }
    }

    /** Notices how the client's own thread ends. */
    private static final class Ending extends BinaryLogClient.AbstractLifecycleListener {

        private final AtomicReference<Throwable> end;

        Ending(AtomicReference<Throwable> end) {
            this.end = end;
        }

        @Override
        public void onCommunicationFailure(BinaryLogClient client, Exception error) {
            end.compareAndSet(null, error);
        }

        @Override
        public void onEventDeserializationFailure(BinaryLogClient client, Exception error) {
            end.compareAndSet(null, error);
        }

        @Override
        public void onDisconnect(BinaryLogClient client) {
            end.compareAndSet(null, new IOException("the server has ended the stream"));
        }
    }
}
