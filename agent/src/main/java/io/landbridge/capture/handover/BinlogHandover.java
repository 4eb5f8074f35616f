package io.landbridge.capture.handover;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import java.util.function.BooleanSupplier;

/** Where our streaming source, which Debezium makes, finds the session that it streams for. */
public final class BinlogHandover {

    public static final Handovers<Receiver> SESSIONS = new Handovers<>();

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

    /** The session of the engine whose topic prefix is {@code name}. */
    public static Receiver receiver(String name) {
        return SESSIONS.receiver(name);
    }
}
