package io.landbridge.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Deals the steps of a stage into lots that run in one transaction each: thousands of small tables
 * must not cost a commit and several round trips a statement.
 */
final class StepLots {

    /** Few enough that their locks fit every server's table of locks. */
    private static final int MOST_STEPS = 100;

    /** Bytes of all tables of a lot whose statements read or write rows. */
    private static final long MOST_BYTES = 32L << 20;

    private StepLots() {}

    /**
     * In the order of {@code steps}; where the stage is parallel, heavy ones first and those of one
     * table together, so that two lots don't wait for each other's locks.
     */
    static List<List<SchemaStep>> of(DdlStage stage, List<SchemaStep> steps) {
        List<SchemaStep> order = new ArrayList<>(steps);
        if (stage.parallel()) {
            order.sort(
                    Comparator.comparingLong(SchemaStep::weight)
                            .reversed()
                            .thenComparing(step -> step.table().map(Object::toString).orElse("")));
        }
        List<List<SchemaStep>> lots = new ArrayList<>();
        List<SchemaStep> lot = new ArrayList<>();
        long bytes = 0;
        for (SchemaStep step : order) {
            long weight = stage.touchesRows() ? step.weight() : 0;
            boolean full = lot.size() == MOST_STEPS || bytes + weight > MOST_BYTES;
            if (!lot.isEmpty() && (full || stage == DdlStage.REFRESHES)) {
                lots.add(lot);
                lot = new ArrayList<>();
                bytes = 0;
            }
            lot.add(step);
            bytes += weight;
        }
        if (!lot.isEmpty()) {
            lots.add(lot);
        }
        return lots;
    }
}
