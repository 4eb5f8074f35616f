package io.landbridge.cutover;

import java.util.Map;

/**
 * What is done and shown while both sides stand still: sequences set, rows compared, the ledger
 * balanced.
 */
public interface Proof {

    /**
     * Does and shows it.
     *
     * @return facts for the report
     * @throws io.landbridge.fault.Fault when something doesn't fit
     */
    Map<String, String> show();
}
