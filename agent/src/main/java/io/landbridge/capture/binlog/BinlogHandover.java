package io.landbridge.capture.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Where our streaming source, which Debezium makes, finds the session that it streams for: under
 * the engine's topic prefix, of which no two sessions run at the same time.
 */
public final class BinlogHandover {

    private static final Map<String, Receiver> RECEIVERS = new ConcurrentHashMap<>();

    /** A session, which streams with the client that Debezium has set up. */
    public interface Receiver {

        /**
         * Streams until {@code running} is false, or the stream ends.
         *
         * @throws RuntimeException why the stream ended by itself
         */
        void stream(BinaryLogClient client, BooleanSupplier running) throws InterruptedException;
    }

    private BinlogHandover() {}

    static void open(String name, Receiver receiver) {
        RECEIVERS.put(name, receiver);
    }

    static void close(String name, Receiver receiver) {
        RECEIVERS.remove(name, receiver);
    }

    /** The session of the engine whose topic prefix is {@code name}. */
    public static Receiver receiver(String name) {
        Receiver receiver = RECEIVERS.get(name);
        if (receiver == null) {
            throw new IllegalStateException("the session " + name + " has ended");
        }
        return receiver;
    }

    /** Leaves the bytes of what carries values as they came. */
    public static EventDeserializer deserializer() {
        return RawEventData.deserializer();
    }
}
