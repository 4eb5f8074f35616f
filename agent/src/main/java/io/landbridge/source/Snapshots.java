package io.landbridge.source;

import java.time.Duration;

/** Snapshots of a database whose place in its log is known. */
public interface Snapshots {

    /**
     * The database as of a place that is not before the present end of its log.
     *
     * @throws io.landbridge.fault.Fault SOURCE_LOCK_TIMEOUT, naming what was waited for, when it
     *     can't be had within {@code timeout}
     */
    PositionedSnapshot open(Duration timeout);

    /** The database as it is now, for when nothing is written to it. */
    PositionedSnapshot standing();
}
