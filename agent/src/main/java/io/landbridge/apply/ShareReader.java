package io.landbridge.apply;

import io.landbridge.apply.Order.Work;
import io.landbridge.buffer.Changes;
import io.landbridge.change.Change;
import io.landbridge.change.SourceEvent;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Forms shares of rounds that another agent has formed before, out of the same stream. Owned by the
 * follower's thread.
 */
final class ShareReader implements AutoCloseable {

    /** What is asked for was there already when somebody else read it. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Changes changes;
    private final TablePlans plans;
    private final BooleanSupplier closing;

    private Stream stream;

    /** Before the transaction that is being read; null between two of them. */
    private Stream.Place begun;

    private String transaction;

    /** Changes of it that are read, when it comes in pieces. */
    private long taken;

    private Work formed;
    private BitSet mine = new BitSet();
    private List<List<TableWrite>> shares = List.of();

    /**
     * @param closing ends a wait for what is to come
     */
    ShareReader(Changes changes, TablePlans plans, BooleanSupplier closing) {
        this.changes = changes;
        this.plans = plans;
        this.closing = closing;
    }

    /**
     * The share of {@code lane} in the round that {@code work} tells.
     *
     * @param lanes that are written here
     * @throws RowsDiffer when the round can't be formed as it was there
     * @throws Fault when the stream can't be read now
     */
    List<TableWrite> share(Work work, int lane, BitSet lanes) throws RowsDiffer {
        if (!isFormed(work) || !mine.equals(lanes)) {
            mine = (BitSet) lanes.clone();
            formed = null;
            Fold fold = new Fold(new Dealing(work.lanes()), mine);
            form(work, fold);
            shares = fold.deal(new Dealing(work.lanes()), work.converging());
            formed = work;
        }
        List<TableWrite> share = shares.get(lane);
        int rows = TableWrite.rows(share);
        if (rows != work.rows()) {
            throw new RowsDiffer(
                    "lane %d has %d rows here, %d where it was formed first"
                            .formatted(lane, rows, work.rows()));
        }
        return share;
    }

    private boolean isFormed(Work work) {
        return formed != null
                && formed.plans() == work.plans()
                && formed.lanes() == work.lanes()
                && formed.converging() == work.converging()
                && formed.form() == work.form()
                && formed.from().equals(work.from())
                && formed.through() == work.through()
                && formed.to().equals(work.to());
    }

    private void form(Work work, Fold fold) throws RowsDiffer {
        boolean goesOn =
                work.form() != Round.Form.WHOLE
                        && begun != null
                        && begun.after().equals(work.from())
                        && 0 < taken
                        && taken <= work.through();
        if (!goesOn) {
            goTo(work.from());
        }
        if (work.form() == Round.Form.WHOLE) {
            readWhole(work, fold);
        } else {
            readPiece(work, fold);
        }
    }

    private void readWhole(Work work, Fold fold) throws RowsDiffer {
        SourcePosition to = work.to().orElseThrow();
        List<Change> collected = new ArrayList<>();
        while (!stream.after().covers(to)) {
            SourceEvent event = next();
            if (event instanceof Change change) {
                collected.add(change);
            } else if (event instanceof SourceEvent.Commit) {
                for (Change change : collected) {
                    add(change, fold);
                }
                collected.clear();
            } else if (event instanceof SourceEvent.Abandoned) {
                collected.clear();
            }
        }
        requireAt(to);
    }

    /** Reads on to the piece's last change, or to the end of the transaction. */
    private void readPiece(Work work, Fold fold) throws RowsDiffer {
        boolean last = work.to().isPresent();
        while (last ? !stream.after().covers(work.to().get()) : taken < work.through()) {
            SourceEvent event = next();
            if (event instanceof Change change) {
                taken++;
                add(change, fold);
            } else if (event instanceof SourceEvent.Abandoned
                    || (!last && event instanceof SourceEvent.Commit)) {
                throw new RowsDiffer("the transaction after " + work.from().text() + " has ended");
            }
        }
        if (last) {
            requireAt(work.to().get());
        }
    }

    private void requireAt(SourcePosition position) throws RowsDiffer {
        if (!stream.after().equals(position)) {
            throw new RowsDiffer("no transaction ends at " + position.text());
        }
    }

    private void add(Change change, Fold fold) throws RowsDiffer {
        Optional<TablePlan> plan =
                plans.plan(change.layout()).filter(known -> !known.copiedAlready(transaction));
        if (plan.isPresent() && !fold.add(plan.get(), change)) {
            throw new RowsDiffer("changes of " + change.layout().table() + " can't be folded");
        }
    }

    /** The next event, which is there; keeps in mind which transaction it belongs to. */
    private SourceEvent next() {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        Stream.Place before = begun == null ? stream.place() : begun;
        SourceEvent event = stream.poll();
        while (event == null) {
            if (closing.getAsBoolean() || System.nanoTime() - deadline > 0) {
                throw Fault.of(
                                FaultCode.KAFKA_UNREACHABLE,
                                "what follows " + stream.after().text() + " does not come")
                        .hint("see whether this agent reaches the brokers");
            }
            event = stream.poll();
        }
        if (event instanceof SourceEvent.Begin begin) {
            begun = before;
            transaction = begin.transactionId();
            taken = 0;
        } else if (event instanceof SourceEvent.Commit || event instanceof SourceEvent.Abandoned) {
            begun = null;
            taken = 0;
        } else if (event instanceof SourceEvent.TableEnd end) {
            plans.stop(end);
        }
        return event;
    }

    /** Goes to where the transaction after {@code position} begins. */
    private void goTo(SourcePosition position) {
        taken = 0;
        if (stream != null) {
            try {
                if (begun != null) {
                    stream.rewind(begun);
                    begun = null;
                }
                if (!stream.after().isAfter(position)) {
                    skimTo(position, Long.MAX_VALUE);
                    return;
                }
            } catch (Fault e) {
                if (e.code() != FaultCode.BUFFER_GAP) {
                    throw e;
                }
                // What lies between is applied, and gone from the stream.
            }
        }
        open(position);
    }

    /**
     * Passes over what is applied, so that the next round is near.
     *
     * @param most events at a time
     * @throws Fault BUFFER_GAP when it is deleted by now
     */
    void skim(SourcePosition applied, long most) {
        if (stream == null) {
            open(applied);
        } else if (begun == null || taken == 0) {
            skimTo(applied, most);
        }
    }

    private void skimTo(SourcePosition position, long most) {
        for (long i = 0; i < most && !stream.after().covers(position); i++) {
            next();
        }
    }

    private void open(SourcePosition position) {
        close();
        stream = new Stream(changes.readAfter(position), position);
    }

    /** Forgets shares: the tables' plans were made anew. */
    void forgetPlans() {
        formed = null;
        shares = List.of();
    }

    @Override
    public void close() {
        begun = null;
        taken = 0;
        formed = null;
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }
}
