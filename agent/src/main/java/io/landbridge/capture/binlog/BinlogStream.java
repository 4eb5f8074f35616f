package io.landbridge.capture.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import io.landbridge.capture.EventReceiver;
import io.landbridge.capture.Reception;
import io.landbridge.fault.Fault;
import io.landbridge.offsets.BinlogPosition;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * The log from a place on, read once with a client that somebody has set up; events arrive on the
 * client's thread.
 */
final class BinlogStream {

    private static final long CONNECT_MILLIS = 10_000;
    private static final long LOOK_MILLIS = 20;

    /** The server says that it lives every second: after so long it is taken for lost. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(20);

    /**
     * A full buffer may hold up the reading for long; the server must not take that for a death.
     */
    private static final long SERVER_PATIENCE_SECONDS = 86_400;

    private final BinlogPosition start;
    private final EventReceiver receiver;
    private final Reception reception = new Reception();

    private volatile Throwable received;
    private volatile boolean disconnected;
    private volatile boolean closing;

    BinlogStream(BinlogPosition start, EventReceiver receiver) {
        this.start = start;
        this.receiver = receiver;
    }

    /**
     * Streams until {@code running} is false, this is {@link #end ended}, or the stream breaks.
     *
     * @throws IllegalStateException for the latter; {@link #failure} tells why
     */
    void read(BinaryLogClient client, BooleanSupplier running) throws InterruptedException {
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

    /** Why the stream broke; null while it has not. */
    Throwable failure() {
        return received;
    }

    Duration silence() {
        return reception.silence();
    }

    /** Ends it from another thread because of {@code why}. */
    void breakOff(Fault why) {
        received = why;
    }

    /** Ends it from another thread. */
    void end() {
        closing = true;
    }

    /** Lets nobody wait for an event any more. */
    void close() {
        reception.end();
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
