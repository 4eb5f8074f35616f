package io.landbridge.phase;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After the switch: ends the stream and takes slot and publication from the source. The fence stays
 * up, so that a client that was forgotten fails loudly instead of writing where nobody reads.
 */
final class MonitorStep {

    private static final Logger LOG = LoggerFactory.getLogger(MonitorStep.class);

    private final Workplace work;

    MonitorStep(Workplace work) {
        this.work = work;
    }

    Optional<Step> perform() {
        work.closeStream();
        work.site.log().drop();
        StreamFiles.of(work.site).removeAll();
        work.journal().update(state -> state.end(Phase.COMPLETE, work.site.clock().instant()));
        LOG.info("complete: the target takes the writes, the source refuses them");
        return Optional.empty();
    }
}
