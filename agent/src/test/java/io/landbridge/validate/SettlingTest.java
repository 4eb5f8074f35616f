package io.landbridge.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.TableId;
import io.landbridge.config.ValidationConfig.Mode;
import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.RowDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Looks at rows that somebody else brings to the target. */
class SettlingTest {

    private static final TableId T = new TableId("public", "t");
    private static final ComparedTable SIDE =
            new ComparedTable(
                    T,
                    false,
                    List.of("id", "v"),
                    List.of("id"),
                    List.of("int4"),
                    Optional.empty(),
                    0);
    private static final ComparedTable.Pair PAIR = new ComparedTable.Pair(SIDE, SIDE);
    private static final ComparedTable KEYLESS =
            new ComparedTable(T, false, List.of("v"), List.of(), List.of(), Optional.empty(), 0);

    private final Settling settling = new Settling(100);

    @Test
    void rowThatArrivesIsEqual() {
        look(differs("1", "new", "old"));
        settling.begun();
        assertThat(settling.scope().of(T).keys()).containsExactly(List.of("1"));
        settling.looked(Set.of(T));
        assertThat(settling.isOpen()).isFalse();
        assertThat(settled(1)).isEqualTo("EQUAL ");
    }

    @Test
    void rowThatShouldHaveArrivedIsSureToDifferTheThirdTime() {
        look(differs("1", "lost", "old"), missing("2", "gone"));
        settling.begun();
        for (int look = 2; look <= Settling.SURE; look++) {
            assertThat(settling.sure().isEmpty()).isTrue();
            look(differs("1", "lost", "old"), missing("2", "gone"));
            settling.looked(Set.of(T));
        }
        assertThat(settling.isOpen()).isFalse();
        assertThat(settling.sure().of(T).keys()).containsExactly(List.of("1"), List.of("2"));
        TableResult found =
                settling.settled(first(7), Optional.of(first(2).differing(1, 0, 1, List.of())));
        assertThat(found.isEqual()).isFalse();
        assertThat(found.found()).isEqualTo(2);
    }

    @Test
    void rowThatChangesAllTheTimeIsSaidToBeInMotion() {
        look(differs("1", "0", "-1"));
        settling.begun();
        for (int look = 1; look <= 10; look++) {
            look(differs("1", "" + look, "" + (look - 1)));
            settling.looked(Set.of(T));
            assertThat(settling.isOpen()).isTrue();
        }
        assertThat(settling.sure().isEmpty()).isTrue();
        assertThat(settled(1)).isEqualTo("EQUAL 1 rows were another each time they were looked at");
    }

    /** Its two looks in a row begin anew. */
    @Test
    void rowThatChangesInBetweenIsNotSure() {
        look(missing("1", "a"));
        settling.begun();
        for (String value : List.of("a", "b", "b")) {
            look(missing("1", value));
            settling.looked(Set.of(T));
        }
        assertThat(settling.sure().isEmpty()).isTrue();
        look(missing("1", "b"));
        settling.looked(Set.of(T));
        assertThat(settling.sure().isEmpty()).isFalse();
    }

    @Test
    void tableThatWasTruncatedMeanwhileIsLookedAtAgain() {
        look(missing("1", "a"));
        settling.begun();
        settling.looked(Set.of());
        assertThat(settling.isOpen()).isTrue();
    }

    @Test
    void rowsWithoutKeyAreToldByWhatTheyAre() {
        ComparedTable.Pair pair = new ComparedTable.Pair(KEYLESS, KEYLESS);
        DifferingRow lost = new DifferingRow(new RowDigest("h", "h", List.of()), null, 2);
        DifferingRow passing = new DifferingRow(null, new RowDigest("p", "p", List.of()), 1);
        settling.sink().differs(pair, lost);
        settling.sink().differs(pair, passing);
        settling.begun();
        for (int look = 2; look <= Settling.SURE; look++) {
            assertThat(settling.scope().of(T).isAll()).isTrue();
            settling.sink().differs(pair, lost);
            settling.looked(Set.of(T));
        }
        assertThat(settling.isOpen()).isFalse();
        TableResult found = settling.settled(first(3), Optional.empty());
        assertThat(found.missing()).isEqualTo(2);
        assertThat(found.extra()).isZero();
    }

    @Test
    void moreRowsThanCanBeNotedAreNotTakenForEqual() {
        Settling few = new Settling(1);
        few.sink().differs(PAIR, differs("1", "a", "b"));
        few.sink().differs(PAIR, differs("2", "a", "b"));
        few.begun();
        assertThat(few.isOpen()).isFalse();
        assertThat(few.settled(first(2), Optional.empty()).isEqual()).isFalse();
    }

    @Test
    void numbersOfRowsThatDifferProveNothing() {
        settling.begun();
        assertThat(settling.settled(first(0), Optional.empty()).outcome())
                .isEqualTo(TableResult.Outcome.NOT_VALIDATED);
    }

    private void look(DifferingRow... rows) {
        for (DifferingRow row : rows) {
            settling.sink().differs(PAIR, row);
        }
    }

    private String settled(long found) {
        TableResult result = settling.settled(first(found), Optional.empty());
        return result.outcome() + " " + result.reason();
    }

    private static DifferingRow differs(String key, String source, String target) {
        return new DifferingRow(digest(key, source), digest(key, target), 1);
    }

    private static DifferingRow missing(String key, String source) {
        return new DifferingRow(digest(key, source), null, 1);
    }

    private static RowDigest digest(String key, String row) {
        return new RowDigest(key, row, List.of(key));
    }

    /** What a first look says that saw so many rows differ. */
    private static TableResult first(long found) {
        return new TableResult(
                T,
                TableResult.Outcome.DIFFERENT,
                Optional.of(Mode.FULL),
                "0/1",
                10,
                10,
                10,
                "a",
                "b",
                found,
                0,
                0,
                List.of(),
                "differs",
                Duration.ZERO);
    }
}
