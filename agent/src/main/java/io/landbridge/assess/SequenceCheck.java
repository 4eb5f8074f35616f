package io.landbridge.assess;

import io.landbridge.schema.Sequence;
import io.landbridge.schema.Sequences;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** Sequences that end soon, and those that the target lacks. */
final class SequenceCheck implements Check {

    private static final double NEAR = 0.8;

    @Override
    public void run(Subject subject, Findings findings) throws SQLException {
        List<Sequence> sequences =
                Sequences.read(
                        subject.sourceDatabase(),
                        subject.configuration().tables(),
                        subject.tables());
        for (Sequence sequence : sequences) {
            if (sequence.used() >= NEAR) {
                findings.warning(
                        FindingCode.SEQUENCE_NEAR_END,
                        sequence.id().toString(),
                        String.format(
                                Locale.ROOT,
                                "%.1f %% of its values are used, then inserts fail, before or"
                                        + " after the move",
                                Math.floor(sequence.used() * 1000) / 10),
                        sequence.dataType().equals("bigint")
                                ? "raise its MAXVALUE"
                                : "widen the column and the sequence to bigint: moving is a good"
                                        + " time, the target's column may be the wider one");
            }
        }
        if (!subject.creates()) {
            List<String> absent =
                    Sequences.absent(subject.targetDatabase(), sequences).stream()
                            .map(sequence -> sequence.id().toString())
                            .toList();
            if (!absent.isEmpty()) {
                findings.blocker(
                        FindingCode.TARGET_SEQUENCE_ABSENT,
                        Findings.list(absent),
                        "the target lacks them: at cutover they could not be set",
                        "create them at the target, or exclude them by name");
            }
        }
    }
}
