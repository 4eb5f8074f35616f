package io.landbridge.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.apply.NetChange.Kind;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetChangeTest {

    @ParameterizedTest
    @CsvSource({
        "INSERT, INSERT,", "INSERT, UPDATE, INSERT", "INSERT, DELETE, NOTHING",
        "UPDATE, INSERT,", "UPDATE, UPDATE, UPDATE", "UPDATE, DELETE, DELETE",
        "DELETE, INSERT, REPLACE", "DELETE, UPDATE,", "DELETE, DELETE,",
        "REPLACE, INSERT,", "REPLACE, UPDATE, REPLACE", "REPLACE, DELETE, DELETE",
        "NOTHING, INSERT, INSERT", "NOTHING, UPDATE,", "NOTHING, DELETE,"
    })
    void everyPair(Kind first, Operation then, Kind expected) {
        boolean there = first != Kind.DELETE && first != Kind.NOTHING;
        NetChange net = new NetChange(first, there ? RowImage.of("1", "a") : null);
        RowImage after = then == Operation.DELETE ? null : RowImage.of("1", "b");

        Optional<NetChange> result = net.then(then, after);

        assertThat(result.map(NetChange::kind)).isEqualTo(Optional.ofNullable(expected));
        result.ifPresent(
                changed -> {
                    boolean left = expected != Kind.DELETE && expected != Kind.NOTHING;
                    assertThat(changed.row()).isEqualTo(left ? after : null);
                });
    }

    @Test
    void unchangedValuesKeepWhatEarlierChangesSaid() {
        NetChange net =
                NetChange.of(Operation.UPDATE, RowImage.of("1", RowImage.unchanged(), "x"))
                        .then(Operation.UPDATE, RowImage.of("1", "a", RowImage.unchanged()))
                        .orElseThrow();

        assertThat(net.row()).isEqualTo(RowImage.of("1", "a", "x"));
    }

    /** What the net change does to the row must be what the changes do one by one. */
    @Test
    void randomSequencesEndAsTheirNetChangeDoes() {
        Random random = new Random(20260);
        for (int round = 0; round < 20_000; round++) {
            RowImage before = random.nextBoolean() ? RowImage.of("1", "old", "toast") : null;
            RowImage row = before;
            NetChange net = null;
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                Operation operation =
                        row == null
                                ? Operation.INSERT
                                : random.nextInt(3) == 0 ? Operation.DELETE : Operation.UPDATE;
                RowImage after =
                        switch (operation) {
                            case INSERT -> RowImage.of("1", "i" + i, "t" + i);
                            case UPDATE ->
                                    RowImage.of(
                                            "1",
                                            "u" + i,
                                            random.nextBoolean() ? RowImage.unchanged() : "t" + i);
                            default -> null;
                        };
                net =
                        net == null
                                ? NetChange.of(operation, after)
                                : net.then(operation, after).orElseThrow();
                row = after == null ? null : row == null ? after : after.over(row);
            }
            assertThat(apply(net, before)).isEqualTo(row);
        }
    }

    private static RowImage apply(NetChange net, RowImage before) {
        return switch (net.kind()) {
            case INSERT -> {
                assertThat(before).isNull();
                yield net.row();
            }
            case UPDATE -> net.row().over(before);
            case REPLACE -> {
                assertThat(before).isNotNull();
                assertThat(net.row().isPartial()).isFalse();
                yield net.row();
            }
            case DELETE -> {
                assertThat(before).isNotNull();
                yield null;
            }
            case NOTHING -> {
                assertThat(before).isNull();
                yield null;
            }
        };
    }
}
