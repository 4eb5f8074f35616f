package io.landbridge.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.buffer.EventReader;
import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.offsets.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class TouchedRowsTest {

    private static final TableLayout TABLE =
            new TableLayout(new TableId("public", "t"), List.of("id"), List.of(0));

    private final ConcurrentLinkedQueue<SourceEvent> events = new ConcurrentLinkedQueue<>();

    private void commit(long previous, long end, int changes) {
        events.add(new SourceEvent.Begin("1", new Lsn(previous)));
        for (int i = 0; i < changes; i++) {
            events.add(
                    new Change(
                            TABLE, Operation.INSERT, null, RowImage.of(String.valueOf(end + i))));
        }
        events.add(new SourceEvent.Commit(new Lsn(end), Instant.EPOCH, changes));
    }

    /** Heartbeats go on while the applier stands at the drain's marker. */
    @Test
    void booksCanBeReadWhereTheApplierStands() throws InterruptedException {
        commit(10, 20, 3);
        commit(20, 30, 2);
        commit(30, 40, 0);
        try (TouchedRows touched = new TouchedRows(new Scripted(), new Lsn(10), 100)) {
            assertThat(touched.awaitThrough(new Lsn(40), 60_000)).isTrue();

            assertThat(touched.ledgerAt(new Lsn(30)))
                    .contains(new TouchedRows.Ledger(new Lsn(10), new Lsn(30), 2, 5, 5));
            assertThat(touched.ledgerAt(new Lsn(10)))
                    .contains(new TouchedRows.Ledger(new Lsn(10), new Lsn(10), 0, 0, 0));
            assertThat(touched.ledgerAt(new Lsn(35))).isEmpty();
        }
    }

    @Test
    void aTableWithTooManyRowsCountsAsTouchedWhole() throws InterruptedException {
        commit(10, 20, 101);
        try (TouchedRows touched = new TouchedRows(new Scripted(), new Lsn(10), 100)) {
            assertThat(touched.awaitThrough(new Lsn(20), 60_000)).isTrue();

            assertThat(touched.wholeTables()).containsExactly(TABLE.table());
            assertThat(touched.rows()).isZero();
            touched.provenAt(new Lsn(20));
            assertThat(touched.wholeTables()).isEmpty();
        }
    }

    /** It was applied before both sides met, but was not among the rows that were compared. */
    @Test
    void aRowThatIsTouchedBetweenTheLookAndTheMeetingStaysToBeProven() throws InterruptedException {
        commit(10, 20, 1);
        try (TouchedRows touched = new TouchedRows(new Scripted(), new Lsn(10), 100)) {
            assertThat(touched.awaitThrough(new Lsn(20), 60_000)).isTrue();
            TouchedRows.Known known = touched.known();
            commit(20, 30, 1);
            assertThat(touched.awaitThrough(new Lsn(30), 60_000)).isTrue();

            touched.proven(known, new Lsn(40));

            assertThat(touched.rows()).isEqualTo(1);
            assertThat(touched.known().scope().of(TABLE.table()).keys())
                    .containsExactly(List.of("30"));
            touched.proven(touched.known(), new Lsn(25));
            assertThat(touched.rows()).isEqualTo(1);
            touched.provenAt(new Lsn(40));
            assertThat(touched.rows()).isZero();
        }
    }

    private final class Scripted implements EventReader {
        @Override
        public SourceEvent poll() {
            return events.poll();
        }

        @Override
        public Mark mark() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void rewind(Mark mark) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
