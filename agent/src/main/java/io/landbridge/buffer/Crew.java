package io.landbridge.buffer;

import io.landbridge.offsets.SourcePosition;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The agents that share the writing along one line, as one of them sees it. Which lanes of the work
 * an agent is to write is dealt out among those that are alive, and anew whenever one comes or
 * goes. What is dealt is advice: an agent may learn late that a lane is another's by now, so that
 * what it writes must be guarded where it is written. Thread-safe.
 */
public interface Crew extends AutoCloseable {

    /** Tells this agent from the others, for as long as it lives. */
    String me();

    /** What is dealt to this agent now. */
    Hand hand();

    /** How often lanes were dealt anew since this agent came. */
    long deals();

    /**
     * Records of the stream that {@link #changes} gave and that its reader has not read yet; empty
     * when nothing is read.
     */
    OptionalLong lag();

    /** The stream that began at {@code start}, captured by whichever of them leads. */
    Changes changes(SourcePosition start);

    /** Leaves: its lanes are dealt to others. */
    @Override
    void close();

    /**
     * Lanes that are one agent's.
     *
     * @param deal of two that hold the same lane the one with the later deal is right
     */
    record Hand(int deal, Set<Integer> lanes) {

        public static final Hand EMPTY = new Hand(0, Set.of());

        public Hand {
            lanes = Set.copyOf(lanes);
        }
    }
}
