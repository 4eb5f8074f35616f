package io.landbridge.capture.handover;

import java.nio.ByteBuffer;

/** Where our decoder, which Debezium makes, finds the session whose stream it decodes. */
public final class Handover {

    public static final Handovers<Receiver> SESSIONS = new Handovers<>();

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

    /** Who takes the messages of the engine whose topic prefix is {@code name}. */
    public static Receiver receiver(String name) {
        return SESSIONS.receiver(name);
    }
}
