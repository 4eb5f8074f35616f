package io.landbridge.source;

import io.landbridge.offsets.SourcePosition;

/**
 * A database's log as one migration uses it: where its end is, the markers that we put between the
 * application's transactions, and what is ours there. Thread-safe.
 */
public interface SourceLog {

    /** The prefix of our markers. */
    String PREFIX = "landbridge";

    /** Whose log it is, for people: the source, or for the way back the target. */
    String server();

    /** What is ours in it is called. */
    String name();

    /** A position that every transaction visible at this moment lies behind. */
    SourcePosition currentPosition();

    /** Puts a marker into the log, in a transaction of its own; empty content is a heartbeat. */
    void emitMarker(String content);

    /**
     * Looks whether everything that was committed after {@code position} can still be had from it.
     *
     * @throws io.landbridge.fault.Fault SOURCE_GAP when not
     */
    void checkKept(SourcePosition position);

    /** How much log the server keeps that we still need, and a forecast. */
    LogRetention retention();

    /** Removes all that is ours; what is not there is left alone. */
    void drop();
}
