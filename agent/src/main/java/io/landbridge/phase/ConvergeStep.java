package io.landbridge.phase;

import io.landbridge.offsets.SourcePosition;

/**
 * Replays over the copied rows what was committed while they were copied, up to C: the source's
 * position after the last chunk. There the target equals the source as it was at C, and the applier
 * holds.
 */
final class ConvergeStep {

    private final Workplace work;

    ConvergeStep(Workplace work) {
        this.work = work;
    }

    void perform() throws InterruptedException {
        if (work.state().convergeThrough().isEmpty()) {
            SourcePosition end = work.site.log().currentPosition();
            work.journal().update(state -> state.convergingThrough(end));
        }
        Stream stream = work.stream();
        var unused = stream.startApplying(work.state().convergeThrough());
        // Nothing may have been written since: a marker lies after C in any case.
        work.site.log().emitMarker("");
        work.waitFor(stream.converged());
    }
}
