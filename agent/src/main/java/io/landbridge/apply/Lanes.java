package io.landbridge.apply;

import java.util.List;

/** Who writes the lanes: this agent alone, or several that share them. */
interface Lanes extends AutoCloseable {

    /**
     * Sees to it that no session of an earlier attempt writes any more, as far as that can be: what
     * the progress says afterwards stays true until the lanes are opened.
     */
    void clear();

    /**
     * Opens lanes 0 to {@code count} - 1.
     *
     * @param signal called, on any thread, whenever one has done something
     */
    List<Lane> open(int count, Runnable signal);

    /** Whether others should write than do: the lanes are to be opened anew. */
    boolean isStale();

    @Override
    void close();
}
