package io.landbridge.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.cutover.CutoverRecord.Status;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Steps, failures and crashes, told apart from what the steps really do. */
class CutoverTest {

    private static final List<String> NAMES = List.of("A", "B", "C", "GO", "D");

    /** The world that the steps change: what is in effect now. */
    private final TreeSet<String> effects = new TreeSet<>();

    private final Remembered journal = new Remembered();
    private String failing = "";
    private String failingUndo = "";

    private static final class Killed extends Error {}

    /** Survives; and kills whoever writes once too often. */
    private static final class Remembered implements CutoverJournal {

        private CutoverRecord last;
        private int writesLeft = Integer.MAX_VALUE;
        private boolean killAfterWriting;

        @Override
        public Optional<CutoverRecord> read() {
            return Optional.ofNullable(last);
        }

        @Override
        public void write(CutoverRecord record) {
            if (!killAfterWriting && writesLeft-- == 0) {
                throw new Killed();
            }
            last = record;
            if (killAfterWriting && writesLeft-- == 0) {
                throw new Killed();
            }
        }
    }

    private Cutover cutover() {
        List<CutoverStep> steps = new ArrayList<>();
        for (String name : NAMES) {
            steps.add(
                    Step.of(name, attempt -> perform(name), () -> undo(name))
                            .withoutReturnIf(name.equals("GO")));
        }
        return new Cutover("cutover", steps, journal, Clock.systemUTC());
    }

    private Map<String, String> perform(String name) {
        effects.add(name);
        if (name.equals(failing)) {
            throw Fault.of(FaultCode.SOURCE_LOCK_TIMEOUT, "no luck with " + name);
        }
        return Map.of("fact of", name);
    }

    private void undo(String name) {
        if (name.equals(failingUndo)) {
            throw new IllegalStateException("stuck");
        }
        effects.remove(name);
    }

    @Test
    void carriesOutEveryStepAndWritesItDown() {
        CutoverRecord record = cutover().run();
        assertThat(record.status()).isEqualTo(Status.DONE);
        assertThat(effects).containsExactlyElementsOf(new TreeSet<>(NAMES));
        assertThat(journal.last).isEqualTo(record);
        assertThat(record.step("C").facts()).containsEntry("fact of", "C");
        assertThat(record.step("C").took()).isPresent();
        assertThat(cutover().resume()).isEmpty();
    }

    @Test
    void takesEverythingBackWhenAStepFailsBeforeThePointOfNoReturn() {
        failing = "C";
        CutoverRecord record = cutover().run();
        assertThat(record.status()).isEqualTo(Status.UNDONE);
        assertThat(record.failure().orElseThrow()).contains("no luck with C");
        assertThat(record.steps())
                .extracting(StepRecord::state)
                .containsExactly(
                        StepState.UNDONE,
                        StepState.UNDONE,
                        StepState.UNDONE,
                        StepState.PENDING,
                        StepState.PENDING);
        assertThat(record.step("C").failure().orElseThrow()).contains("no luck");
        assertThat(effects).isEmpty();
        failing = "";
        assertThat(cutover().run().status()).isEqualTo(Status.DONE);
    }

    @Test
    void carriesOnWhenAStepFailsBehindThePointOfNoReturn() {
        failing = "D";
        assertThatThrownBy(() -> cutover().run()).hasMessage("no luck with D");
        assertThat(journal.last.status()).isEqualTo(Status.RUNNING);
        assertThatThrownBy(() -> cutover().run())
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> assertThat(fault.code()).isEqualTo(FaultCode.CUTOVER_REFUSED));
        failing = "";
        assertThat(cutover().resume().orElseThrow().status()).isEqualTo(Status.DONE);
        assertThat(effects).contains("D");
    }

    @Test
    void anUndoThatFailsIsTriedAgainAtTheNextStart() {
        failing = "C";
        failingUndo = "B";
        assertThatThrownBy(() -> cutover().run()).hasMessageContaining("could not be undone");
        assertThat(journal.last.status()).isEqualTo(Status.UNDOING);
        failingUndo = "";
        CutoverRecord record = cutover().resume().orElseThrow();
        assertThat(record.status()).isEqualTo(Status.UNDONE);
        assertThat(record.failure().orElseThrow()).contains("no luck with C");
        assertThat(effects).isEmpty();
    }

    @Test
    void killedAnywhereItIsDoneOrUndoneByTheNextStart() {
        for (boolean afterWriting : new boolean[] {false, true}) {
            for (String failure : List.of("", "C", "GO")) {
                int writes = 0;
                while (killAndResume(failure, writes, afterWriting)) {
                    writes++;
                }
                assertThat(writes).isGreaterThan(6);
            }
        }
    }

    /**
     * Kills who runs it at a write, then who resumes it, and lets the third one through.
     *
     * @return whether there was such a write
     */
    private boolean killAndResume(String failure, int writes, boolean afterWriting) {
        effects.clear();
        journal.last = null;
        journal.killAfterWriting = afterWriting;
        failing = failure;
        boolean killed = live(writes);
        failing = "";
        live(writes);
        live(Integer.MAX_VALUE);
        String place = failure + " killed at write " + writes + " " + journal.last;
        assertThat(journal.last.status().isOver()).as(place).isTrue();
        boolean done = journal.last.status() == Status.DONE;
        assertThat(effects).as(place).hasSize(done ? NAMES.size() : 0);
        return killed;
    }

    private boolean live(int writes) {
        journal.writesLeft = writes;
        try {
            if (journal.last == null) {
                cutover().run();
            } else {
                cutover().resume();
            }
            return false;
        } catch (Killed e) {
            return true;
        } catch (Fault e) {
            assertThat(e.code()).isEqualTo(FaultCode.SOURCE_LOCK_TIMEOUT);
            return false;
        }
    }
}
