package io.landbridge.buffer;

/**
 * How far readers may read. Written by the appending thread after the excerpts that it speaks of.
 */
public final class Written {

    private volatile long events;
    private volatile long sequence;

    public void advance(long lastSequence, long eventsUpToIt) {
        events = eventsUpToIt;
        sequence = lastSequence;
    }

    /** The last excerpt whose events are whole. */
    public long sequence() {
        return sequence;
    }

    /** Events up to there. */
    public long events() {
        return events;
    }
}
