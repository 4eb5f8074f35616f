package io.landbridge.phase;

import io.landbridge.apply.Applier;
import io.landbridge.apply.ApplierStatus;
import io.landbridge.config.CutoverConfig.Prove;
import io.landbridge.cutover.Proof;
import io.landbridge.cutover.StandingProof;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.phase.ProofSoFar.Remainder;
import io.landbridge.schema.Sequence;
import io.landbridge.validate.Scope;
import io.landbridge.validate.TouchedRows.Ledger;
import io.landbridge.validate.ValidationReport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Proves both sides equal in a time that doesn't depend on the tables' size: before the fence all
 * that is not proven yet is compared while writes go on, again and again until little is left;
 * behind it only what was touched since the last of these.
 */
final class CutoverProof implements Proof {

    /** So many rows are looked up one by one in about a tenth of a second. */
    private static final int FEW_ROWS = 5_000;

    /** So many in some milliseconds: worth another round or two, in which nobody waits yet. */
    private static final int FEWEST_ROWS = 300;

    private static final int NARROWING_ROUNDS = 2;

    /** Connections to each side for {@link #show}: its snapshot's, and of some readers. */
    private static final int CONNECTIONS = 3;

    /**
     * So many rows are read in a row in some seconds. Tables without a key stay whole in every
     * round: more rounds don't help them.
     */
    private static final int FEW_ROWS_IN_TABLES = 2_000_000;

    private static final int ROUNDS = 5;
    private static final long FOLLOW_MILLIS = 5_000;

    private final Workplace work;
    private final Supplier<Stream> stream;
    private final Runnable last;

    /**
     * @param stream that leads away from where the writes are; opened, and applied
     * @param last what is done once both sides are shown to be equal
     */
    CutoverProof(Workplace work, Supplier<Stream> stream, Runnable last) {
        this.work = work;
        this.stream = stream;
        this.last = last;
    }

    @Override
    public Map<String, String> prepare() {
        if (comparesAll()) {
            return Map.of("rounds", "0");
        }
        Stream following = stream.get();
        ProofSoFar proof = following.proof();
        Comparison comparison = new Comparison(work, following.route());
        long rows = 0;
        int rounds = 0;
        while (!(proof.isCompared() && isLittle(proof.remainder())) && rounds < ROUNDS) {
            ValidationReport report = comparison.open(following);
            checkClean(report);
            rows += report.comparedRows();
            rounds++;
        }
        Remainder left = proof.remainder();
        if (!isLittle(left)) {
            throw Fault.of(
                            FaultCode.CUTOVER_REFUSED,
                            "tables change faster than they can be compared: after "
                                    + ROUNDS
                                    + " rounds are left "
                                    + left.rows()
                                    + " rows, and "
                                    + left.tables()
                                    + " tables as a whole with "
                                    + left.rowsInTables()
                                    + " rows, since they have no key or were truncated")
                    .hint("cut over in a quieter hour, or set cutover.prove: all");
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("rounds", String.valueOf(rounds));
        facts.put("rows compared", String.valueOf(rows));
        facts.put("rows left", String.valueOf(left.rows()));
        return facts;
    }

    /** Rounds that don't come to pass do no harm: what is left is shown behind the fence. */
    @Override
    public Map<String, String> narrow() {
        Map<String, String> facts = new LinkedHashMap<>(prepare());
        Stream following = stream.get();
        if (!comparesAll()) {
            int more = 0;
            while (more < NARROWING_ROUNDS
                    && isWorthNarrowing(following.proof().remainder())
                    && isNarrowed(following)) {
                more++;
            }
            facts.put("further rounds", String.valueOf(more));
            facts.put("rows left", String.valueOf(following.proof().remainder().rows()));
        }
        following.route().from().keepReady(CONNECTIONS);
        following.route().to().keepReady(CONNECTIONS);
        return facts;
    }

    private boolean isNarrowed(Stream following) {
        Optional<ValidationReport> report =
                new Comparison(work, following.route()).openSoon(following);
        report.ifPresent(this::checkClean);
        return report.isPresent();
    }

    private void checkClean(ValidationReport report) {
        if (!report.clean()) {
            throw ValidateStep.differs(report, work.reports().write(report));
        }
    }

    /** Tables that are touched whole take longer than single rows, and more rounds don't help. */
    private static boolean isWorthNarrowing(Remainder left) {
        return left.tables() == 0 && left.rows() > FEWEST_ROWS && left.rows() <= FEW_ROWS;
    }

    private static boolean isLittle(Remainder left) {
        return left.rows() <= FEW_ROWS && left.rowsInTables() <= FEW_ROWS_IN_TABLES;
    }

    @Override
    public Map<String, String> show() {
        Route route = stream.get().route();
        Map<String, String> facts = new LinkedHashMap<>(ledger());
        facts.putAll(standing(route, this::keep).show());
        last.run();
        return facts;
    }

    private StandingProof standing(Route route, Consumer<ValidationReport> keep) {
        return new StandingProof(
                () -> sequences(route),
                route.to().counters(),
                () -> new Comparison(work, route).standing(left()),
                keep);
    }

    /** What the target counts by itself has no place to go back to. */
    private List<Sequence> sequences(Route route) {
        List<Sequence> all = route.from().sequences(route.tables());
        if (route.from() != work.site.source()) {
            List<Sequence> without = route.to().counters().absent(all);
            return all.stream().filter(one -> !without.contains(one)).toList();
        }
        return all;
    }

    /** Rows that differ are no matter here: writes go on, so the two sides are not at one place. */
    @Override
    public Duration rehearse() {
        return standing(stream.get().route(), report -> {}).rehearse();
    }

    private Map<String, String> ledger() {
        Map<String, String> facts = new LinkedHashMap<>();
        if (comparesAll()) {
            return facts;
        }
        ApplierStatus applier = stream.get().applier().map(Applier::status).orElseThrow();
        ProofSoFar proof = stream.get().proof();
        SourcePosition drained = applier.applied().orElseThrow();
        try {
            proof.follow(drained, FOLLOW_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.of(FaultCode.CUTOVER_REFUSED, "interrupted while proving", e);
        }
        Ledger ledger = proof.balanced(applier);
        facts.put("since", ledger.since().text());
        facts.put("transactions captured and applied", String.valueOf(ledger.transactions()));
        facts.put("changes captured and applied", String.valueOf(ledger.captured()));
        facts.put("changes read from the buffer", String.valueOf(ledger.changes()));
        return facts;
    }

    private Scope left() {
        return comparesAll() ? Scope.EVERYTHING : stream.get().proof().open();
    }

    private boolean comparesAll() {
        return work.site.config().cutover().prove() == Prove.ALL;
    }

    private void keep(ValidationReport report) {
        work.keepProof(report, stream.get().applier().map(Applier::changesByTable).orElseThrow());
    }
}
