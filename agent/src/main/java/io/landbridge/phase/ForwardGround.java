package io.landbridge.phase;

import io.landbridge.config.CutoverConfig;
import io.landbridge.cutover.Clients;
import io.landbridge.cutover.CutoverSite;
import io.landbridge.cutover.Evidence;
import io.landbridge.cutover.ReversePath;
import io.landbridge.cutover.TrafficDrivers;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.source.LockPatience;
import java.util.List;

/** What a cutover works on, or its rehearsal. */
final class ForwardGround {

    private final Workplace work;
    private final CutoverConfig config;

    ForwardGround(Workplace work) {
        this.work = work;
        this.config = work.site.config().cutover();
    }

    CutoverSite site(boolean resuming) {
        return new CutoverSite(
                new Readiness(work).questions(),
                work.site.promptSource().fence(),
                resuming ? List.of() : work.routeForth().tableIds(),
                new LockPatience(config.lockTimeout(), config.lockTries()),
                work.forth::emitMarker,
                work.forth.drain(),
                config.drainTimeout(),
                work.forth.proof(this::complete),
                config.keepsWayBack() ? new WayBack(work) : ReversePath.NONE,
                new Clients(
                        TrafficDrivers.forward(
                                config.traffic(),
                                work.site.migration(),
                                work.site.source().config(),
                                work.site.target().config()),
                        config.holdTimeout(),
                        TrafficDrivers.probe(config.traffic())));
    }

    /** Behind the fence: what the log does not tell can't happen any more unless it has. */
    private void complete() {
        Evidence partitions = new Readiness(work).partitions();
        if (!partitions.good()) {
            throw Fault.of(FaultCode.CUTOVER_REFUSED, partitions.detail())
                    .hint("run 'landbridge validate', then cut over again");
        }
        work.schema().buildLast();
    }

    /** Ends what the move waits for, from any thread. */
    void breakOff() {
        work.forth.breakOff();
    }
}
