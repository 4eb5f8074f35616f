package io.landbridge.apply;

import io.landbridge.fault.Fault;
import io.landbridge.target.Destination;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Finds out who is in the way when a flight takes long. Owned by the dispatch thread; asks through
 * the target's pool, at most once a second.
 */
final class LockWatch {

    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Destination target;
    private long askedAt = System.nanoTime();
    private long watched;
    private Optional<String> found = Optional.empty();

    LockWatch(Destination target) {
        this.target = target;
    }

    /** Who holds what {@code flight} waits for; empty when it is quick, or waits for nobody. */
    Optional<String> holders(Flight flight) {
        long now = System.nanoTime();
        if (watched != flight.since()) {
            watched = flight.since();
            found = Optional.empty();
        }
        if (now - flight.since() >= LONG_NANOS && now - askedAt >= LONG_NANOS) {
            askedAt = now;
            found = ask(flight);
        }
        return found;
    }

    private Optional<String> ask(Flight flight) {
        try {
            return target.lockHolders(flight.sessions());
        } catch (Fault e) {
            // The flight will meet the same, and it is that which counts.
            return Optional.empty();
        }
    }
}
