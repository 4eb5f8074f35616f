package io.landbridge.phase;

import io.landbridge.config.TransportConfig.Mode;
import java.time.Instant;

/**
 * What an operator can ask of a running migration; the HTTP API and the commands come through here.
 * Thread-safe.
 *
 * <p>Each call returns once the request is accepted, not once it is done: whoever waits polls
 * {@link #status}. A request that doesn't fit the present phase throws a {@link
 * io.landbridge.fault.Fault} ILLEGAL_TRANSITION that says what was refused and what is possible
 * now; asking again for what is under way or done already is accepted and changes nothing.
 */
public interface MigrationControl {

    /** The newest snapshot; cheap, never waits for a database. */
    MigrationStatus status();

    /** Stops reading and writing at the next boundary; capture goes on into the buffer. */
    void pause();

    void resume();

    /** Compares both sides while writes go on. */
    void validate(ComparisonOrder order);

    /** Makes rows that differ equal again while writes go on; stopped tables follow again. */
    void repair(ComparisonOrder order);

    /**
     * Moves the traffic; refused with CUTOVER_REFUSED while {@code cutover.notReady} isn't empty.
     */
    void cutover();

    /**
     * Tries a cutover without moving anybody, and leaves nothing of it; what it found stands in
     * {@link MigrationStatus#cutover}.
     */
    void rehearse();

    /** Before the switch: removes what we made. After it: switches back without losing a write. */
    void rollback();

    /**
     * Has {@code mode} carry the changes from capture to apply, from the end of one of the source's
     * transactions on, once the source is followed. Until then, and when it can't, the transport so
     * far goes on, and {@link MigrationStatus#faults} says why.
     */
    void transport(Mode mode);

    /**
     * Looks whether {@link #transport} could be done, and changes nothing; takes seconds at most.
     *
     * @throws io.landbridge.fault.Fault why not
     */
    void checkTransport(Mode mode);

    /**
     * Before the switch: takes the target back to what the source was at {@code moment}, and pauses
     * there; what came of it stands in {@link MigrationStatus.Stage#rewound} or among the faults,
     * as REWIND_REFUSED.
     */
    void rollbackTo(Instant moment);

    /** Ends the observation after a cutover and removes the way back. */
    void finish();

    /** Gives the migration up and removes our objects; rows that were copied stay. */
    void abort();
}
