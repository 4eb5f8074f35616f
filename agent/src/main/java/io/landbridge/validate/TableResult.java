package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.config.ValidationConfig.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How one table's comparison ended.
 *
 * @param mode how much was compared; empty when nothing was
 * @param position where in the source's log both sides were compared; empty when they weren't
 * @param sourceRows and {@code targetRows}: how many there are, whatever was sampled
 * @param comparedRows rows of the source whose contents were compared
 * @param sourceHash and {@code targetHash}: of the compared rows; equal exactly when the rows are
 * @param differences the first ones found; there are {@code missing + extra + different} in all
 * @param reason why the outcome is what it is, for people; of an EQUAL one, what was left out of it
 */
public record TableResult(
        TableId table,
        Outcome outcome,
        Optional<Mode> mode,
        String position,
        long sourceRows,
        long targetRows,
        long comparedRows,
        String sourceHash,
        String targetHash,
        long missing,
        long extra,
        long different,
        List<RowDifference> differences,
        String reason,
        Duration duration) {

    /** Anything but EQUAL fails the validation. */
    public enum Outcome {
        EQUAL,
        DIFFERENT,
        /** Not compared, so nothing is proven. */
        NOT_VALIDATED
    }

    public TableResult {
        differences = List.copyOf(differences);
    }

    /** A table that was not compared, and why. */
    public static TableResult notValidated(TableId table, String reason) {
        return new TableResult(
                table,
                Outcome.NOT_VALIDATED,
                Optional.empty(),
                "",
                0,
                0,
                0,
                "",
                "",
                0,
                0,
                0,
                List.of(),
                reason,
                Duration.ZERO);
    }

    /** The same, for another reason. */
    TableResult because(String why) {
        return with(outcome, sourceHash, targetHash, missing, extra, different, differences, why);
    }

    /** The same, once it is known which rows differ. */
    TableResult differing(
            long missingRows, long extraRows, long differentRows, List<RowDifference> which) {
        return with(
                Outcome.DIFFERENT,
                sourceHash,
                targetHash,
                missingRows,
                extraRows,
                differentRows,
                which,
                missingRows
                        + " rows are missing, "
                        + extraRows
                        + " extra, "
                        + differentRows
                        + " different");
    }

    /** The same, once no row differs: of different moments, so that there is no hash to show. */
    TableResult equal(String leftOut) {
        return with(Outcome.EQUAL, "", "", 0, 0, 0, List.of(), leftOut);
    }

    private TableResult with(
            Outcome how,
            String hashAtSource,
            String hashAtTarget,
            long missingRows,
            long extraRows,
            long differentRows,
            List<RowDifference> which,
            String why) {
        return new TableResult(
                table,
                how,
                mode,
                position,
                sourceRows,
                targetRows,
                comparedRows,
                hashAtSource,
                hashAtTarget,
                missingRows,
                extraRows,
                differentRows,
                which,
                why,
                duration);
    }

    public boolean isEqual() {
        return outcome == Outcome.EQUAL;
    }

    public long found() {
        return missing + extra + different;
    }
}
