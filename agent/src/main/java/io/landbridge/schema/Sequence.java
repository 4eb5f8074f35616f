package io.landbridge.schema;

import io.landbridge.change.TableId;
import java.util.Optional;

/**
 * A sequence and where it stands.
 *
 * @param owner the column that it belongs to (serial, identity); empty for a free one
 * @param dataType smallint, integer or bigint
 * @param increment never 0; negative when it counts down
 * @param lastValue the value given last, or to be given first when not {@code called}
 * @param called whether {@code lastValue} was given out already
 */
public record Sequence(
        TableId id,
        Optional<Owner> owner,
        String dataType,
        long start,
        long increment,
        long minimum,
        long maximum,
        boolean cycle,
        long cache,
        long lastValue,
        boolean called) {

    /**
     * The column that a sequence belongs to.
     *
     * @param identity whether the column is GENERATED AS IDENTITY rather than serial
     */
    public record Owner(TableId table, String column, boolean identity) {}

    /** Which part of its values is used up, 0 to 1; a sequence that cycles never ends: 0. */
    public double used() {
        if (cycle) {
            return 0;
        }
        double span = (double) maximum - (double) minimum;
        double gone =
                increment > 0
                        ? (double) lastValue - (double) minimum
                        : (double) maximum - (double) lastValue;
        return span <= 0 ? 1 : gone / span;
    }

    /** The same sequence, standing elsewhere. */
    public Sequence at(long value, boolean wasCalled) {
        return new Sequence(
                id, owner, dataType, start, increment, minimum, maximum, cycle, cache, value,
                wasCalled);
    }
}
