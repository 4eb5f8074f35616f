package io.landbridge.capture.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.landbridge.capture.EngineRun;
import io.landbridge.capture.EventReceiver;
import io.landbridge.capture.LogSession;
import io.landbridge.capture.Reception;
import io.landbridge.capture.handover.BinlogHandover;
import io.landbridge.fault.Fault;
import io.landbridge.offsets.BinlogPosition;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * One run of Debezium's engine in this process over a MySQL source, from a place in the log on;
 * events arrive on the client's thread.
 */
public final class BinlogSession implements LogSession {

    private static final long CONNECT_MILLIS = 10_000;
    private static final long LOOK_MILLIS = 20;

    /** The server says that it lives every second: after so long it is taken for lost. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(20);

    /**
     * A full buffer may hold up the reading for long; the server must not take that for a death.
     */
    private static final long SERVER_PATIENCE_SECONDS = 86_400;

    private final String name;
    private final BinlogPosition start;
    private final EngineRun engine;
    private final EventReceiver receiver;

    private final Reception reception = new Reception();

    private volatile Throwable failure;
    private volatile Throwable received;
    private volatile boolean disconnected;
    private volatile boolean closing;

    public BinlogSession(
            Map<String, String> engineProperties, BinlogPosition start, EventReceiver receiver) {
        Properties properties = new Properties();
        properties.putAll(engineProperties);
        this.name = properties.getProperty("topic.prefix");
        this.start = start;
        this.receiver = receiver;
        this.engine =
                new EngineRun(
                        DebeziumEngine.create(Connect.class)
                                .using(properties)
                                .using((success, message, error) -> failure = error)
                                .notifying(
                                        (records, committer) -> {
                                            // Nothing goes through the engine: events were handed
                                            // over.
                                            committer.markBatchFinished();
                                        })
                                .build());
    }

    @Override
    public Throwable run() {
        BinlogHandover.Receiver taking = this::stream;
        BinlogHandover.SESSIONS.open(name, taking);
        try {
            engine.run();
        } finally {
            BinlogHandover.SESSIONS.close(name, taking);
            reception.end();
        }
        // What our own code threw counts more than what Debezium made of it.
        return received != null ? received : failure;
    }

    private void stream(BinaryLogClient client, BooleanSupplier running)
            throws InterruptedException {
        client.setKeepAlive(false);
        client.setGtidSet(null);
        client.setBinlogFilename(start.file());
        client.setBinlogPosition(start.offset());
        client.setNetWriteTimeout(SERVER_PATIENCE_SECONDS);
        // Leaves the bytes of what carries values as they came.
        client.setEventDeserializer(RawEventData.deserializer());
        client.registerEventListener(this::event);
        client.registerLifecycleListener(new Ending());
        reception.begin();
        try {
            client.connect(CONNECT_MILLIS);
            while (running.getAsBoolean() && !closing && received == null && !disconnected) {
                Thread.sleep(LOOK_MILLIS);
                if (reception.silence().compareTo(LONGEST_SILENCE) > 0) {
                    received = new EOFException("nothing has come from the source for a while");
                }
            }
            if (received == null && disconnected && running.getAsBoolean() && !closing) {
                received = new EOFException("the source has ended the stream");
            }
        } catch (IOException | TimeoutException e) {
            if (!closing) {
                received = e;
            }
        } finally {
            disconnect(client);
        }
        if (received != null) {
            throw new IllegalStateException("the stream broke", received);
        }
    }

    private static void disconnect(BinaryLogClient client) {
        try {
            client.disconnect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a listener throws, the client would log and forget. */
    private void event(Event event) {
        if (received != null || !reception.enter()) {
            return;
        }
        try {
            receiver.event(event);
        } catch (InterruptedException e) {
            reception.abandon();
        } catch (RuntimeException | Error e) {
            received = e;
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

    @Override
    public void skip() {
        engine.skip();
    }

    @Override
    public void close() {
        closing = true;
        engine.close();
    }

    /** Notices how the client's own thread ends. */
    private final class Ending extends BinaryLogClient.AbstractLifecycleListener {

        @Override
        public void onCommunicationFailure(BinaryLogClient client, Exception error) {
            if (received == null) {
                received = error;
            }
        }

        @Override
        public void onEventDeserializationFailure(BinaryLogClient client, Exception error) {
            if (received == null) {
                received = error;
            }
        }

        @Override
        public void onDisconnect(BinaryLogClient client) {
            disconnected = true;
        }
    }
}
