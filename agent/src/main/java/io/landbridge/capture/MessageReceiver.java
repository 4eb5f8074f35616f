package io.landbridge.capture;

import io.landbridge.offsets.Lsn;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a session does with what it receives of PostgreSQL's log; called on one thread at a time.
 */
public interface MessageReceiver {

    /** What pgoutput's message that ends a transaction begins with. */
    byte COMMIT = 'C';

    /** Takes one message of the stream, which starts at its position and fills the rest of it. */
    void message(ByteBuffer message) throws InterruptedException;

    /** What the source may be told, after the message that ends a transaction. */
    Optional<Lsn> transactionEnd();
}
