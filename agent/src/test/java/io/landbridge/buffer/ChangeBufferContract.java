package io.landbridge.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.Lsn;
import io.landbridge.offsets.SourcePosition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link ChangeBuffer} must do, wherever it keeps its events. */
@Timeout(180)
public abstract class ChangeBufferContract {

    /** Opens the test's buffer, which is empty at first and keeps its content when it is closed. */
    protected abstract ChangeBuffer open();

    @Test
    void givesBackEveryEventInOrder() throws Exception {
        List<SourceEvent> events = RandomEvents.transactions(1, 800);
        try (ChangeBuffer buffer = open()) {
            appendAll(buffer, events);
            buffer.flush();
            assertThat(readAll(buffer, RandomEvents.start())).isEqualTo(events);
        }
    }

    @Test
    void givesBackEveryEventAfterReopening() throws Exception {
        RandomEvents random = new RandomEvents(2);
        List<SourceEvent> events = new ArrayList<>();
        for (int session = 0; session < 5; session++) {
            try (ChangeBuffer buffer = open()) {
                for (int i = 0; i < 60; i++) {
                    List<SourceEvent> transaction = random.transaction();
                    appendAll(buffer, transaction);
                    events.addAll(transaction);
                }
            }
        }
        try (ChangeBuffer buffer = open()) {
            assertThat(buffer.last()).contains(random.position());
            assertThat(readAll(buffer, RandomEvents.start())).isEqualTo(events);
        }
    }

    @Test
    void startsReadingAtTheFirstTransactionThatEndsAfterThePosition() throws Exception {
        List<SourceEvent> events = RandomEvents.transactions(3, 400);
        try (ChangeBuffer buffer = open()) {
            appendAll(buffer, events);
            buffer.flush();
            Random random = new Random(3);
            for (int i = 0; i < 60; i++) {
                int at = random.nextInt(events.size());
                if (events.get(at) instanceof SourceEvent.Commit commit) {
                    Lsn applied = new Lsn(((Lsn) commit.position()).value() + i % 2);
                    assertThat(readAll(buffer, applied))
                            .isEqualTo(events.subList(at + 1, events.size()));
                }
            }
        }
    }

    @Test
    void givesAllThatIsHeldAgainHoweverFarItIsApplied() throws Exception {
        RandomEvents random = new RandomEvents(17);
        List<SourceEvent> events = new ArrayList<>();
        try (ChangeBuffer buffer = open()) {
            assertThat(buffer.readHeld()).isEmpty();
            for (int i = 0; i < 200; i++) {
                List<SourceEvent> transaction = random.transaction();
                appendAll(buffer, transaction);
                events.addAll(transaction);
            }
            assertThat(buffer.force()).contains(random.position());
            try (EventReader reader = buffer.readHeld().orElseThrow()) {
                for (SourceEvent event : events) {
                    assertThat(next(reader)).isEqualTo(event);
                }
                List<SourceEvent> later = random.transaction();
                appendAll(buffer, later);
                buffer.flush();
                assertThat(next(reader)).isEqualTo(later.get(0));
            }
        }
        try (ChangeBuffer buffer = open();
                EventReader reader = buffer.readHeld().orElseThrow()) {
            assertThat(next(reader)).isEqualTo(events.get(0));
        }
    }

    @Test
    void showsNothingBeforeFlush() throws Exception {
        try (ChangeBuffer buffer = open();
                EventReader reader = buffer.readAfter(RandomEvents.start())) {
            assertThat(reader.poll()).isNull();
            RandomEvents random = new RandomEvents(4);
            SourceEvent begin = random.begin();
            buffer.append(begin);
            assertThat(reader.poll()).isNull();
            buffer.flush();
            assertThat(next(reader)).isEqualTo(begin);
            assertThat(reader.poll()).isNull();
            SourceEvent commit = random.commit(0);
            buffer.append(commit);
            assertThat(buffer.force()).contains(random.position());
            assertThat(next(reader)).isEqualTo(commit);
        }
    }

    @Test
    void rewindsToAnyMark() throws Exception {
        List<SourceEvent> events = RandomEvents.transactions(5, 200);
        try (ChangeBuffer buffer = open()) {
            appendAll(buffer, events);
            buffer.flush();
            Random random = new Random(5);
            try (EventReader reader = buffer.readAfter(RandomEvents.start())) {
                List<EventReader.Mark> marks = new ArrayList<>();
                for (SourceEvent event : events) {
                    marks.add(reader.mark());
                    assertThat(next(reader)).isEqualTo(event);
                }
                marks.add(reader.mark());
                for (int i = 0; i < 300; i++) {
                    int at = random.nextInt(marks.size());
                    reader.rewind(marks.get(at));
                    for (int k = at; k < Math.min(events.size(), at + 20); k++) {
                        assertThat(next(reader)).isEqualTo(events.get(k));
                    }
                    if (at == events.size()) {
                        assertThat(reader.poll()).isNull();
                    }
                }
            }
        }
    }

    @Test
    void carriesLargeValuesInPieces() throws Exception {
        TableLayout layout =
                new TableLayout(new TableId("public", "docs"), List.of("id", "body"), List.of(0));
        String body = "0123456789\u00e9\ud83d\ude00".repeat(2_000_000);
        List<SourceEvent> events =
                List.of(
                        new SourceEvent.Begin("7", RandomEvents.start()),
                        new Change(layout, Operation.INSERT, null, RowImage.of("1", body)),
                        new Change(layout, Operation.UPDATE, null, RowImage.of("1", body + "!")),
                        new Change(layout, Operation.UPDATE, null, RowImage.of("1", "small")),
                        new SourceEvent.Commit(new Lsn(0x2_0000_0000L), Instant.EPOCH, 3));
        try (ChangeBuffer buffer = open()) {
            appendAll(buffer, events);
            buffer.flush();
        }
        try (ChangeBuffer buffer = open()) {
            assertThat(readAll(buffer, RandomEvents.start()).equals(events)).isTrue();
        }
    }

    @Test
    void refusesTextThatIsNotUnicode() throws Exception {
        TableLayout layout = new TableLayout(new TableId("public", "t"), List.of("id"), List.of(0));
        try (ChangeBuffer buffer = open()) {
            SourceEvent begin = new SourceEvent.Begin("7", RandomEvents.start());
            buffer.append(begin);
            SourceEvent change =
                    new Change(layout, Operation.INSERT, null, RowImage.of("half \ud83d"));
            assertThatThrownBy(() -> buffer.append(change))
                    .isInstanceOfSatisfying(
                            Fault.class,
                            fault -> {
                                assertThat(fault.code()).isEqualTo(FaultCode.VALUE_UNSUPPORTED);
                                assertThat(fault.table()).contains(layout.table());
                            });
            SourceEvent commit = new SourceEvent.Commit(new Lsn(0x2_0000_0000L), Instant.EPOCH, 0);
            buffer.append(commit);
            buffer.flush();
            assertThat(readAll(buffer, RandomEvents.start())).containsExactly(begin, commit);
        }
    }

    @Test
    void endsAnIncompleteTransactionOfTheLastSession() throws Exception {
        RandomEvents random = new RandomEvents(6);
        SourceEvent first = random.begin();
        Change change = random.change();
        try (ChangeBuffer buffer = open()) {
            buffer.append(first);
            buffer.append(change);
        }
        SourceEvent again = random.begin();
        SourceEvent commit = random.commit(0);
        try (ChangeBuffer buffer = open()) {
            assertThat(buffer.last()).isEmpty();
            buffer.append(again);
            buffer.append(commit);
            buffer.flush();
            assertThat(readAll(buffer, RandomEvents.start()))
                    .containsExactly(first, change, new SourceEvent.Abandoned(), again, commit);
        }
    }

    @Test
    void endsAnIncompleteTransactionWhenCaptureBeginsAgain() throws Exception {
        RandomEvents random = new RandomEvents(7);
        SourceEvent first = random.begin();
        Change change = random.change();
        SourceEvent commit = random.commit(1);
        try (ChangeBuffer buffer = open()) {
            buffer.append(new SourceEvent.Abandoned());
            buffer.append(first);
            buffer.append(change);
            buffer.append(first);
            buffer.append(change);
            buffer.append(commit);
            buffer.flush();
            assertThat(readAll(buffer, RandomEvents.start()))
                    .containsExactly(
                            first, change, new SourceEvent.Abandoned(), first, change, commit);
        }
    }

    @Test
    void showsAHoleBetweenTransactions() throws Exception {
        try (ChangeBuffer buffer = open()) {
            buffer.append(new SourceEvent.Begin("1", new Lsn(100)));
            buffer.append(new SourceEvent.Commit(new Lsn(110), Instant.EPOCH, 0));
            buffer.append(new SourceEvent.Begin("2", new Lsn(120)));
            buffer.append(new SourceEvent.Commit(new Lsn(130), Instant.EPOCH, 0));
            assertThat(buffer.force()).contains(new Lsn(130));
            assertGap(() -> buffer.readAfter(new Lsn(99)));
            try (EventReader reader = buffer.readAfter(new Lsn(100))) {
                assertThat(next(reader)).isNotNull();
                assertThat(next(reader)).isNotNull();
                assertGap(() -> next(reader));
            }
            try (EventReader reader = buffer.readAfter(new Lsn(125))) {
                assertThat(next(reader)).isEqualTo(new SourceEvent.Begin("2", new Lsn(120)));
            }
            assertGap(() -> buffer.readAfter(new Lsn(110)));
        }
    }

    @Test
    void countsWhatIsNotReadYet() throws Exception {
        try (ChangeBuffer buffer = open()) {
            List<SourceEvent> events = RandomEvents.transactions(8, 50);
            appendAll(buffer, events);
            var unused = buffer.force();
            assertThat(buffer.status().events()).isEqualTo(events.size());
            try (EventReader reader = buffer.readAfter(RandomEvents.start())) {
                assertThat(buffer.status().events()).isEqualTo(events.size());
                for (int i = 0; i < 10; i++) {
                    assertThat(next(reader)).isEqualTo(events.get(i));
                }
                assertThat(buffer.status().events()).isEqualTo(events.size() - 10);
            }
            assertThat(buffer.status().bytes()).isPositive();
        }
    }

    private static void assertGap(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> {
                            assertThat(fault.code()).isEqualTo(FaultCode.BUFFER_GAP);
                            assertThat(fault.hint()).isNotEmpty();
                        });
    }

    /** Appends all of them. */
    protected static void appendAll(ChangeBuffer buffer, List<SourceEvent> events)
            throws InterruptedException {
        for (SourceEvent event : events) {
            buffer.append(event);
        }
    }

    /**
     * Everything that follows {@code applied}: what was appended is flushed and becomes visible.
     */
    protected static List<SourceEvent> readAll(ChangeBuffer buffer, SourcePosition applied) {
        var unused = buffer.force();
        List<SourceEvent> read = new ArrayList<>();
        try (EventReader reader = buffer.readAfter(applied)) {
            while (true) {
                SourceEvent event = reader.poll();
                if (event != null) {
                    read.add(event);
                } else if (buffer.status().events() == 0) {
                    return read;
                }
            }
        }
    }

    /** The next event, which is on its way. */
    protected static SourceEvent next(EventReader reader) {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        SourceEvent event = reader.poll();
        while (event == null) {
            assertThat(System.nanoTime()).as("no event came").isLessThan(deadline);
            event = reader.poll();
        }
        return event;
    }
}
