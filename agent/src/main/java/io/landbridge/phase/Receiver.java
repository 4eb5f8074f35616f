package io.landbridge.phase;

import io.landbridge.schema.Counters;
import io.landbridge.schema.Table;
import io.landbridge.schema.digest.Freezer;
import io.landbridge.target.Destination;
import java.util.Collection;

/**
 * A database that changes go to, as the phases see it: what writes to it, its tables at one moment,
 * its counters. The counterpart of {@link Origin}.
 */
interface Receiver {

    /** What the applier writes to, and keeps its progress in. */
    Destination destination();

    /** Brings its tables to a stand, in words that the other side has, too. */
    Freezer freezer();

    /** What counts by itself. */
    Counters counters();

    /**
     * Shows that all of {@code tables} can be written to, and that nothing else happens then.
     *
     * @throws io.landbridge.fault.Fault SOURCE_RIGHTS with what is to be granted, CUTOVER_REFUSED
     */
    void checkWritable(Collection<Table> tables);

    /** Forgets what the applier of {@code migration} keeps here; what nobody else needs goes. */
    void removeTables(String migration);

    /** As {@link Origin#keepReady}. */
    default void keepReady(int connections) {
        // They are made when they are needed.
    }

    /** Closes what is kept ready. */
    default void closeReady() {
        // Nothing is.
    }
}
