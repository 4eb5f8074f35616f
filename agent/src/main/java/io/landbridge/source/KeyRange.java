package io.landbridge.source;

import java.util.List;
import java.util.Optional;

/**
 * Keys greater than {@code lower} and not greater than {@code upper}, in the source's own order. An
 * absent bound is open, so that ranges cut at the same bounds cover every key there is or will be.
 *
 * @param lower text of the key's columns, in the key's order; exclusive
 * @param upper likewise; inclusive
 */
public record KeyRange(Optional<List<String>> lower, Optional<List<String>> upper) {

    /** Every key. */
    public static final KeyRange ALL = new KeyRange(Optional.empty(), Optional.empty());

    public KeyRange {
        lower = lower.map(List::copyOf);
        upper = upper.map(List::copyOf);
    }

    public boolean isAll() {
        return lower.isEmpty() && upper.isEmpty();
    }
}
