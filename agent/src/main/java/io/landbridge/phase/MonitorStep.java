package io.landbridge.phase;

import io.landbridge.cutover.TrafficDriver;
import io.landbridge.cutover.TrafficDrivers;
import io.landbridge.phase.Requests.Request;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After the switch: ends the stream to the target and takes slot and publication from the source,
 * then carries what is written to the target back to the source for as long as the way back is
 * kept. The source's fence stays up, so that a client that was forgotten fails loudly instead of
 * writing where nobody reads.
 */
final class MonitorStep {

    private static final Logger LOG = LoggerFactory.getLogger(MonitorStep.class);

    private final Workplace work;
    private final HealthChecks health;
    private boolean forthEnded;

    MonitorStep(Workplace work) {
        this.work = work;
        this.health = new HealthChecks(work);
    }

    Optional<Step> perform() throws InterruptedException {
        if (!forthEnded) {
            work.forth.end();
            forthEnded = true;
        }
        if (work.state().wayBack().isEmpty()) {
            return complete();
        }
        Stream back = followBack();
        boolean finish = work.requests.peek().filter(r -> r == Request.FINISH).isPresent();
        if (finish || isObserved()) {
            work.closeStream();
            new WayBack(work).close();
            driver().forget();
            if (finish) {
                work.requests.take();
                work.site.source().fence().lift();
            }
            return complete();
        }
        if (health.haveFailed(back.applier().orElseThrow())
                && work.site.config().cutover().monitoring().automaticRollback()) {
            LOG.error("health checks fail: the traffic goes back to the source");
            return Optional.of(Step.SWITCH_BACK);
        }
        work.requests.await(250);
        return Optional.empty();
    }

    private Stream followBack() {
        boolean opening = work.openStream().isEmpty();
        Stream back = work.streamBack();
        if (opening) {
            // An attempt to go back may have shut it for us, too.
            work.site.source().fence().admitUs();
            LOG.info("what is written to the target flows back to the source");
        }
        var unused = back.goOn();
        back.acknowledgeApplied();
        back.check();
        return back;
    }

    private boolean isObserved() {
        Instant end = work.state().since().plus(work.site.config().cutover().observe());
        return !work.site.clock().instant().isBefore(end);
    }

    private TrafficDriver driver() {
        return TrafficDrivers.forward(
                work.site.config().cutover().traffic(),
                work.site.migration(),
                work.site.source().config(),
                work.site.target().config());
    }

    private Optional<Step> complete() {
        work.journal().update(state -> state.end(Phase.COMPLETE, work.site.clock().instant()));
        LOG.info("complete: the target takes the writes");
        return Optional.empty();
    }
}
