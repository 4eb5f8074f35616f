package io.landbridge.cutover;

import java.util.Map;

/**
 * What is shown before the switch: that both sides are equal, sequences included, and that every
 * transaction that was captured is applied.
 */
public interface Proof {

    /**
     * Brings the proof up to date while writes go on, so that little is left to show behind the
     * fence. Takes as long as it takes.
     *
     * @return facts for the report
     * @throws io.landbridge.fault.Fault VALIDATION_FAILED when both sides differ
     */
    Map<String, String> prepare();

    /**
     * Does and shows what is left while both sides stand still.
     *
     * @return facts for the report
     * @throws io.landbridge.fault.Fault when something doesn't fit
     */
    Map<String, String> show();
}
