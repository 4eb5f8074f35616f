package io.landbridge.cutover;

import java.time.Duration;

/**
 * Moves the clients. What it does may be repeated; {@link #undo} leaves clients flowing to where
 * they came from, however far the others came.
 */
public interface TrafficDriver {

    /** Nobody is moved by us: the fence refuses writes, and people point the clients over. */
    TrafficDriver NONE =
            new TrafficDriver() {
                @Override
                public String name() {
                    return "none";
                }

                @Override
                public boolean holdsClients() {
                    return false;
                }

                @Override
                public void check() {
                    // There is nothing to reach.
                }

                @Override
                public void hold(Duration timeout) {
                    // Clients meet the fence.
                }

                @Override
                public void switchOver() {
                    // People do it.
                }

                @Override
                public void release() {
                    // Nobody was held.
                }

                @Override
                public void undo() {
                    // Nothing was done.
                }
            };

    String name();

    /**
     * Whether clients wait between {@link #hold} and {@link #release}. If they don't, they may
     * write to the other side as soon as {@link #switchOver} begins, and there is no way back from
     * there.
     */
    boolean holdsClients();

    /**
     * Whether it could be used now; changes nothing.
     *
     * @throws io.landbridge.fault.Fault when it couldn't
     */
    void check();

    /**
     * Keeps new transactions waiting and lets those in flight end.
     *
     * @throws io.landbridge.fault.Fault when they don't end within {@code timeout}
     */
    void hold(Duration timeout);

    /**
     * Points clients to the other side, or sees that {@link #release} can. A driver that holds
     * clients must not let any through to there yet, whatever happens to what holds them.
     */
    void switchOver();

    /** Lets clients go on, at the other side. */
    void release();

    /** Points clients to where they came from and lets them go on. */
    void undo();

    /** Removes what was kept for going back. */
    default void forget() {}
}
