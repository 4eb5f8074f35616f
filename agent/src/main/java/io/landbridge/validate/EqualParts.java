package io.landbridge.validate;

import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.KeyRange;
import java.util.List;

/**
 * Remembers which parts of a validation under way were found equal, so that one that is broken off,
 * be it by a kill, goes on where it stood. What differs is not remembered: it is compared again.
 *
 * <p>Thread-safe. What is said here may be forgotten again when the agent is killed; it is then
 * merely done again.
 */
public interface EqualParts {

    /** Remembers nothing. */
    EqualParts FORGOTTEN =
            new EqualParts() {
                @Override
                public List<EqualPart> of(ComparedTable.Pair table) {
                    return List.of();
                }

                @Override
                public void cut(ComparedTable.Pair table, List<KeyRange> ranges) {
                    // Nobody will ask.
                }

                @Override
                public void equal(ComparedTable.Pair table, int part, EqualPart.Found found) {
                    // Nobody will ask.
                }

                @Override
                public void forget(ComparedTable.Pair table) {
                    // Nothing is known.
                }

                @Override
                public void save() {
                    // Nothing is known.
                }
            };

    /**
     * All parts that the table was cut into by the validation that is gone on with, in their order.
     * Empty when it was not its turn yet, or it is not made of the same columns any more.
     */
    List<EqualPart> of(ComparedTable.Pair table);

    /** The table is compared in these parts; whatever was known of it is forgotten. */
    void cut(ComparedTable.Pair table, List<KeyRange> ranges);

    /** That part of the table is the same on both sides. */
    void equal(ComparedTable.Pair table, int part, EqualPart.Found found);

    /** What was found of the table does not count: it changed under our eyes. */
    void forget(ComparedTable.Pair table);

    /** Sees to it that what was said so far survives this process. */
    void save();
}
