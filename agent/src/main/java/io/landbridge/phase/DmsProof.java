package io.landbridge.phase;

import io.landbridge.cutover.Proof;
import io.landbridge.cutover.StandingProof;
import io.landbridge.validate.Scope;
import io.landbridge.validate.ValidationReport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Proves both sides equal by every row, behind the fence and with the task stopped. Nobody but DMS
 * knows which rows changed since an earlier comparison, so nothing less would do.
 */
final class DmsProof implements Proof {

    private final Workplace work;
    private final Runnable last;

    /**
     * @param last what is done once both sides are shown to be equal
     */
    DmsProof(Workplace work, Runnable last) {
        this.work = work;
        this.last = last;
    }

    /** The last validation is young and clean: else it would not be ready. */
    @Override
    public Map<String, String> prepare() {
        return Map.of("compared behind the fence", "every row");
    }

    @Override
    public Map<String, String> narrow() {
        int connections = work.site.config().validation().workers() + 1;
        work.site.source().keepReady(connections);
        work.site.target().keepReady(connections);
        return prepare();
    }

    /** Rows that differ are no matter here: they are on their way. */
    @Override
    public Duration rehearse() {
        return standing(report -> {}).rehearse();
    }

    @Override
    public Map<String, String> show() {
        Map<String, String> facts = new LinkedHashMap<>(standing(this::keep).show());
        last.run();
        return facts;
    }

    private StandingProof standing(Consumer<ValidationReport> keep) {
        Route route = work.routeForth();
        return new StandingProof(
                () -> route.from().sequences(route.tables()),
                route.to().counters(),
                () -> new Comparison(work, route).standing(Scope.EVERYTHING),
                keep);
    }

    /** What DMS has applied to each table is known to DMS alone. */
    private void keep(ValidationReport report) {
        work.keepProof(report, Map.of());
    }
}
