package io.landbridge.validate;

import io.landbridge.schema.digest.KeyRange;
import java.util.Optional;

/**
 * A part of a table in a validation under way.
 *
 * @param number from 0 on, without a hole; the parts of a table cover all of its rows
 * @param range which rows they are
 * @param found what both sides were when they were found equal; empty: still to be compared
 */
public record EqualPart(int number, KeyRange range, Optional<Found> found) {

    /**
     * What both sides hold.
     *
     * @param position where in the source's log they were compared
     * @param rows how many there are, whatever was sampled
     * @param comparedRows rows whose contents were compared
     * @param hash of these, as {@link io.landbridge.schema.digest.Digest#hash} gives it
     */
    public record Found(String position, long rows, long comparedRows, String hash) {}
}
