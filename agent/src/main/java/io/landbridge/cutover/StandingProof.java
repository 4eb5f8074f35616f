package io.landbridge.cutover;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.schema.Counters;
import io.landbridge.schema.Sequence;
import io.landbridge.validate.TableResult;
import io.landbridge.validate.Validation;
import io.landbridge.validate.ValidationReport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What is shown behind the fence: the target's sequences stand where the source's do, and every
 * table that could be compared in the time there is, is equal.
 */
public final class StandingProof implements Proof {

    private final Supplier<List<Sequence>> counters;
    private final Counters target;
    private final Supplier<ValidationReport> comparison;
    private final Consumer<ValidationReport> keep;

    /**
     * @param counters reads where the source's sequences stand
     * @param target where they go on
     * @param comparison compares both sides as they stand, such as {@link
     *     Validation#runStanding(Map)}
     * @param keep is given the comparison's report, whatever it says
     */
    public StandingProof(
            Supplier<List<Sequence>> counters,
            Counters target,
            Supplier<ValidationReport> comparison,
            Consumer<ValidationReport> keep) {
        this.counters = counters;
        this.target = target;
        this.comparison = comparison;
        this.keep = keep;
    }

    /** Nothing was compared before, so nothing need be brought up to date. */
    @Override
    public Map<String, String> prepare() {
        return Map.of();
    }

    @Override
    public Map<String, String> narrow() {
        return prepare();
    }

    @Override
    public Duration rehearse() {
        long began = System.nanoTime();
        List<Sequence> sequences = counters.get();
        // In the place of setting them and of looking how they stand then.
        target.absent(sequences);
        target.absent(sequences);
        var unused = comparison.get();
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @Override
    public Map<String, String> show() {
        Map<String, String> facts = new LinkedHashMap<>();
        List<Sequence> sequences = counters.get();
        target.set(sequences);
        List<Sequence> differing = target.differing(sequences);
        if (!differing.isEmpty()) {
            throw Fault.of(
                    FaultCode.CUTOVER_REFUSED,
                    "sequences do not stand where the source's do: "
                            + differing.stream().map(Sequence::id).toList());
        }
        facts.put("sequences", String.valueOf(sequences.size()));
        ValidationReport report = comparison.get();
        keep.accept(report);
        facts.put("tables", String.valueOf(report.tables().size()));
        facts.put("rows compared", String.valueOf(report.comparedRows()));
        facts.put("mode", report.mode().name());
        List<TableResult> failed = report.failed();
        if (!failed.isEmpty()) {
            throw Fault.of(
                            FaultCode.VALIDATION_FAILED,
                            failed.size()
                                    + " tables are not proven equal behind the fence: "
                                    + failed.stream()
                                            .limit(10)
                                            .map(one -> one.table() + " (" + one.reason() + ")")
                                            .toList())
                    .hint("repair them, validate, then cut over again");
        }
        return facts;
    }
}
