package io.landbridge.cutover;

import java.util.Optional;

/** Feels what clients feel while they are moved. */
public interface Probe {

    /** Nobody looks. */
    Probe NONE =
            new Probe() {
                @Override
                public void check() {
                    // There is nothing to reach.
                }

                @Override
                public void begin() {
                    // Nobody asks.
                }

                @Override
                public Optional<ClientPause> felt() {
                    return Optional.empty();
                }

                @Override
                public Optional<ClientPause> end() {
                    return Optional.empty();
                }
            };

    /**
     * Asks once.
     *
     * @throws io.landbridge.fault.Fault when no answer comes
     */
    void check();

    /** Begins to ask, over and over; returns once there was an answer, or none in some seconds. */
    void begin();

    /** What was felt since {@link #begin}, the present wait included; any thread may ask. */
    Optional<ClientPause> felt();

    /**
     * Ends it, once a question of now is answered, or isn't in some seconds; repeatable, also
     * without {@link #begin}.
     */
    Optional<ClientPause> end();
}
