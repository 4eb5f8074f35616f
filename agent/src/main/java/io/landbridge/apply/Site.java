package io.landbridge.apply;

import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.config.ApplyConfig;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.target.ApplyNotes;
import io.landbridge.target.Destination;

/** What the dispatch thread works with for as long as the applier lives. */
record Site(
        Destination target,
        ChangeBuffer buffer,
        ApplyConfig config,
        ProgressStore progress,
        ApplyNotes notes,
        TablePlans plans,
        SourceRows sourceRows,
        Lanes lanes) {

    /** Memory that one batch may take; three of them can be there at a time. */
    private static final long BATCH_BYTES = 32L << 20;

    BatchFormer.Limits limits() {
        return new BatchFormer.Limits(config.batchRows(), BATCH_BYTES);
    }
}
