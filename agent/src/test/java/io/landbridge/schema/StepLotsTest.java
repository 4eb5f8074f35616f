package io.landbridge.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.TableId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepLotsTest {

    private static final long MIB = 1 << 20;

    @Test
    void heavyStepsGoAloneAndFirst() {
        assertThat(lots(DdlStage.INDEXES, 10 * MIB, 500 * MIB, 5 * MIB, 100 * MIB, 20 * MIB))
                .containsExactly(
                        List.of(500 * MIB),
                        List.of(100 * MIB),
                        List.of(20 * MIB, 10 * MIB),
                        List.of(5 * MIB));
    }

    @Test
    void aHundredSmallStepsGoTogether() {
        assertThat(lots(DdlStage.KEYS, new long[250]))
                .extracting(List::size)
                .containsExactly(100, 100, 50);
    }

    @Test
    void weightDoesNotCountWhereNoRowIsTouched() {
        assertThat(lots(DdlStage.TABLES, 500 * MIB, 900 * MIB)).hasSize(1);
    }

    @Test
    void eachMaterializedViewIsFilledByItself() {
        assertThat(lots(DdlStage.REFRESHES, 0, 0, 0)).hasSize(3);
    }

    @Test
    void noStepsMakeNoLot() {
        assertThat(lots(DdlStage.INDEXES)).isEmpty();
    }

    private static List<List<Long>> lots(DdlStage stage, long... weights) {
        List<SchemaStep> steps =
                IntStream.range(0, weights.length)
                        .mapToObj(n -> step(n + 1, stage, weights[n]))
                        .toList();
        return StepLots.of(stage, steps).stream()
                .map(lot -> lot.stream().map(SchemaStep::weight).toList())
                .toList();
    }

    private static SchemaStep step(int number, DdlStage stage, long weight) {
        return new SchemaStep(
                number,
                stage,
                DdlKind.INDEX,
                "index " + number,
                0,
                Optional.of(new TableId("public", "t" + number)),
                weight,
                "",
                "",
                Optional.empty());
    }
}
