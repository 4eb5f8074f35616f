package io.landbridge.validate;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.digest.Freezer;
import io.landbridge.source.PositionedSnapshot;
import io.landbridge.source.Snapshots;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings both sides to a stand, in two snapshots, at the same place in the source's log while
 * writes go on.
 *
 * <p>First it opens the source's snapshot, at X, and lets the applier stop there: the applier then
 * stands still only while the target's snapshot is taken. An applier that is very close to the
 * source may be past X before we know X. Then it is held before the next snapshot is opened, and
 * let go on to the new X. How long it may be held so is bounded, since a long transaction at the
 * source keeps a snapshot waiting; the unhurried wait happens in the next round, without a hold.
 */
public final class Rendezvous {

    private static final Logger LOG = LoggerFactory.getLogger(Rendezvous.class);

    private final Snapshots source;
    private final Freezer target;
    private final ApplyGate gate;
    private final Runnable nudge;
    private final Limits limits;

    /**
     * How long things may take.
     *
     * @param snapshot for the source's snapshot while the applier goes on: as long as the source's
     *     longest transaction
     * @param held for the source's snapshot while the applier is held
     * @param reach for the applier to get to the snapshot's place: its lag
     * @param rounds how often both ways are tried
     */
    public record Limits(Duration snapshot, Duration held, Duration reach, int rounds) {
        private static final Duration HELD = Duration.ofSeconds(2);

        public static final Limits DEFAULT = patient(Duration.ofMinutes(10));

        /** For who can wait; the applier is held for two seconds at most. */
        public static Limits patient(Duration patience) {
            return new Limits(
                    patience, patience.compareTo(HELD) < 0 ? patience : HELD, patience, 5);
        }

        /** For who goes on without a meeting rather than wait. */
        public static Limits hasty() {
            return new Limits(HELD, HELD, HELD, 1);
        }
    }

    /**
     * @param target where the applier writes
     * @param nudge puts something into the source's log, so that the applier of a source that
     *     nobody writes to sees that it is past X; may do nothing where heartbeats come often
     */
    public Rendezvous(
            Snapshots source, Freezer target, ApplyGate gate, Runnable nudge, Limits limits) {
        this.source = source;
        this.target = target;
        this.gate = gate;
        this.nudge = nudge;
        this.limits = limits;
    }

    /**
     * Both sides at the same position, the applier standing there.
     *
     * @throws Fault SOURCE_LOCK_TIMEOUT when long transactions at the source kept them apart,
     *     VALIDATION_MISSED when the applier's lag did
     */
    Meeting meet() {
        Missed missed = null;
        for (int round = 0; round < limits.rounds(); round++) {
            try {
                return attempt(false);
            } catch (Missed e) {
                LOG.debug("the applier was ahead of the source's snapshot", e);
            }
            try {
                return attempt(true);
            } catch (Missed e) {
                LOG.info("the applier is let go on: {}", e.fault.describe());
                missed = e;
            }
        }
        throw missed == null ? new IllegalStateException("no rounds") : missed.fault;
    }

    /** Both sides as they are, for when nothing is written to either of them. */
    Meeting meetStanding() {
        PositionedSnapshot snapshot = source.standing();
        try (Freezer.Frost ready = target.prepare()) {
            return new Meeting(
                    snapshot,
                    ready.now(),
                    ApplyGate.STANDING,
                    snapshot.position(),
                    0,
                    System.nanoTime());
        } catch (Fault e) {
            snapshot.close();
            throw e;
        }
    }

    private Meeting attempt(boolean holdFirst) throws Missed {
        // Opened beforehand: the applier need not stand still for it.
        Freezer.Frost ready = target.prepare();
        PositionedSnapshot snapshot = null;
        boolean met = false;
        try {
            long held = 0;
            if (holdFirst) {
                var unused = await(gate.hold(), "the applier did not stop");
                long since = System.nanoTime();
                snapshot = openWhileHeld();
                held = System.nanoTime() - since;
            } else {
                snapshot = source.open(limits.snapshot());
            }
            SourcePosition applied = reach(snapshot.position(), holdFirst);
            long since = System.nanoTime();
            Meeting meeting = new Meeting(snapshot, ready.now(), gate, applied, held, since);
            met = true;
            return meeting;
        } finally {
            if (!met) {
                undo(ready, snapshot);
            }
        }
    }

    private PositionedSnapshot openWhileHeld() throws Missed {
        try {
            return source.open(limits.held());
        } catch (Fault e) {
            if (e.code() == FaultCode.SOURCE_LOCK_TIMEOUT) {
                throw new Missed(e);
            }
            throw e;
        }
    }

    private SourcePosition reach(SourcePosition position, boolean held) throws Missed {
        CompletableFuture<SourcePosition> reached = gate.holdAt(position);
        // Only now: before, it could have carried the applier past the position.
        nudge.run();
        try {
            return await(reached, "the applier did not reach " + position.text());
        } catch (Fault e) {
            if (held || !reached.isCompletedExceptionally()) {
                throw e;
            }
            throw new Missed(e);
        }
    }

    private SourcePosition await(CompletableFuture<SourcePosition> stand, String otherwise) {
        try {
            return stand.get(limits.reach().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw Fault.of(
                            FaultCode.VALIDATION_MISSED,
                            otherwise + " within " + limits.reach().toSeconds() + " s",
                            e)
                    .hint("see to the lag, or raise validation.meet-timeout");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Fault fault
                    ? fault
                    : Fault.of(FaultCode.INTERNAL, otherwise, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.of(FaultCode.VALIDATION_FAILED, "the validation was interrupted", e);
        }
    }

    private void undo(Freezer.Frost ready, PositionedSnapshot snapshot) {
        gate.release();
        try (ready;
                snapshot) {
            LOG.debug("no meeting: both sides' snapshots are let go");
        } catch (Fault e) {
            LOG.warn("snapshots that were not needed did not close", e);
        }
    }

    /** Both sides were not at the same place this time; the next try may find them there. */
    private static final class Missed extends Exception {

        private final transient Fault fault;

        Missed(Fault fault) {
            super(fault);
            this.fault = fault;
        }
    }
}
