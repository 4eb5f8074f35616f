package io.landbridge.capture;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where our decoder, which Debezium makes, finds the session whose stream it decodes: under the
 * engine's topic prefix, of which no two sessions run at the same time.
 */
public final class Handover {

    private static final Map<String, Receiver> RECEIVERS = new ConcurrentHashMap<>();

    /** Takes a stream's messages, on the thread that reads the connection. */
    public interface Receiver {

        /**
         * Takes one of pgoutput's messages, which starts at its position and fills the rest of it.
         *
         * @return whether there is something to tell the source: a record has to go through the
         *     engine then, since only a record's commit moves the slot
         */
        boolean message(ByteBuffer message) throws InterruptedException;
    }

    private Handover() {}

    static void open(String name, Receiver receiver) {
        RECEIVERS.put(name, receiver);
    }

    static void close(String name, Receiver receiver) {
        RECEIVERS.remove(name, receiver);
    }

    /** Who takes the messages of the engine whose topic prefix is {@code name}. */
    public static Receiver receiver(String name) {
        Receiver receiver = RECEIVERS.get(name);
        if (receiver == null) {
            throw new IllegalStateException("the session " + name + " has ended");
        }
        return receiver;
    }
}
