package io.landbridge.cutover;

import java.util.Map;

/**
 * One step of moving the traffic.
 *
 * <p>Both methods may be called again after a crash at any moment, also when the step had begun or
 * had ended already: they look at what is there and do what is missing. Each bounds its own time.
 */
public interface CutoverStep {

    /** Upper-case, as it stands in status, journal and report. */
    String name();

    /**
     * Does it.
     *
     * @param attempt names this attempt
     * @return what it found and did, for the report
     * @throws io.landbridge.fault.Fault when it can't: the attempt is then undone
     */
    Map<String, String> perform(String attempt);

    /** Takes back whatever {@link #perform} may have done, however far it came. */
    default void undo() {}

    /**
     * Whether clients may write to the other side once this has begun: from then on the attempt is
     * carried on, never taken back.
     */
    default boolean isPointOfNoReturn() {
        return false;
    }
}
