package io.landbridge.cutover;

import java.time.Duration;
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
     * As {@link #prepare}, right before clients are held: a round more where it leaves less to show
     * while they wait, and what {@link #show} needs is made ready.
     */
    Map<String, String> narrow();

    /**
     * How long {@link #show} would take if it began now: its questions are asked, while writes go
     * on, and the answers passed over.
     */
    Duration rehearse();

    /**
     * Does and shows what is left while both sides stand still.
     *
     * @return facts for the report
     * @throws io.landbridge.fault.Fault when something doesn't fit
     */
    Map<String, String> show();
}
