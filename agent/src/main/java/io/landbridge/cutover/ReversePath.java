package io.landbridge.cutover;

import java.util.Map;

/** The stream from the target back to the source. */
public interface ReversePath {

    /** No way back is kept open. */
    ReversePath NONE =
            new ReversePath() {
                @Override
                public Map<String, String> prove() {
                    return Map.of();
                }

                @Override
                public Map<String, String> open() {
                    return Map.of("reverse", "none");
                }

                @Override
                public void shut() {
                    // Nothing was opened.
                }

                @Override
                public void close() {
                    // Nothing was made.
                }
            };

    /**
     * Shows that it would work: rights, a slot, one heartbeat that travelled back. Facts for the
     * report.
     *
     * @throws io.landbridge.fault.Fault when it wouldn't
     */
    Map<String, String> prove();

    /** Opens it before the first new write to the target; repeatable. Facts for the report. */
    Map<String, String> open();

    /** Takes {@link #open} back, before clients are let go where they came from; repeatable. */
    void shut();

    /** Closes it and removes what it made; repeatable. */
    void close();
}
