package io.landbridge.schema.digest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A part of a table by its first key column.
 *
 * @param from the least value in it, as text; empty: from the beginning
 * @param to the least value after it, as text; empty: to the end
 */
public record KeyRange(Optional<String> from, Optional<String> to) {

    public static final KeyRange ALL = new KeyRange(Optional.empty(), Optional.empty());

    /** The ranges that {@code bounds}, ascending and without repetition, cut a table into. */
    public static List<KeyRange> between(List<String> bounds) {
        List<KeyRange> ranges = new ArrayList<>(bounds.size() + 1);
        Optional<String> from = Optional.empty();
        for (String bound : bounds) {
            ranges.add(new KeyRange(from, Optional.of(bound)));
            from = Optional.of(bound);
        }
        ranges.add(new KeyRange(from, Optional.empty()));
        return ranges;
    }
}
