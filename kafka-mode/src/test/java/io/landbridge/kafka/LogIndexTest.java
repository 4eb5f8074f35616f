package io.landbridge.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.kafka.LogIndex.Entry;
import io.landbridge.offsets.Lsn;
import org.junit.jupiter.api.Test;

/** Where a topic may be cut. */
class LogIndexTest {

    private final LogIndex index = new LogIndex(100);

    @Test
    void cutsBeforeTheLastExcerptThatEverythingBeforeIsAppliedOf() {
        add(1, null, 0);
        add(10, 100L, 0);
        add(20, 200L, 0);
        add(30, 300L, 0);
        assertThat(cut(99)).isEqualTo(1);
        assertThat(cut(100)).isEqualTo(10);
        assertThat(cut(250)).isEqualTo(20);
        assertThat(cut(999)).isEqualTo(30);
    }

    @Test
    void keepsTheTransactionThatIsOpenAtTheCut() {
        add(1, null, 0);
        add(10, 100L, 0);
        add(20, 200L, 15);
        add(30, 200L, 15);
        assertThat(cut(200)).as("the open one's begin is kept").isEqualTo(10);
        assertThat(cut(201)).as("the open one is applied, too").isEqualTo(30);
    }

    @Test
    void keepsWhatAReaderNeeds() {
        add(1, null, 0);
        add(10, 100L, 0);
        add(20, 200L, 0);
        assertThat(index.cut(new Lsn(999), 15).sequence()).isEqualTo(10);
    }

    @Test
    void waitingMakesRoomUnlessTheOldestPartIsOfTheOpenTransaction() {
        assertThat(index.canShrink(0)).isFalse();
        add(1, null, 0);
        assertThat(index.canShrink(0)).isFalse();
        add(10, 100L, 0);
        assertThat(index.canShrink(0)).isTrue();
        assertThat(index.canShrink(5)).isFalse();
        assertThat(index.canShrink(10)).isTrue();
    }

    @Test
    void remembersExcerptsAStepApart() {
        add(1, null, 0);
        assertThat(index.wants(2, 99)).isFalse();
        assertThat(index.wants(2, 100)).isTrue();
    }

    private long cut(long applied) {
        return index.cut(new Lsn(applied), Long.MAX_VALUE).sequence();
    }

    private void add(long sequence, Long lastCommit, long openSince) {
        index.add(
                new Entry(
                        sequence,
                        2 * sequence,
                        0,
                        lastCommit == null ? null : new Lsn(lastCommit),
                        openSince));
    }
}
