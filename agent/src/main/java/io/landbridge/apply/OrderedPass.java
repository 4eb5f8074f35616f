package io.landbridge.apply;

import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.RowKey;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableLayout;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.target.Refusal;
import io.landbridge.target.Refusal.Verdict;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Reads a range of transactions and writes it through one connection in the source's order: the way
 * that is always right. Reads the stream as it goes, so that a transaction of any size takes no
 * more memory than a run. One pass, used once, on the dispatch thread; commits nothing.
 */
final class OrderedPass {

    private static final long WAIT_NANOS = 1_000_000;

    private final Site site;
    private final Stream stream;
    private final Dealing dealing;
    private final Worker worker;
    private final BatchFormer.Limits limits;
    private final Batch wanted;
    private final Optional<SourcePosition> boundary;
    private final int oneByOne;
    private final BooleanSupplier closing;

    private final Batch done;
    private String transaction;
    private String marker;
    private long changes;
    private OrderedRun run;
    private int runs;
    private SourcePosition readAt;

    /** How a pass ended. */
    enum End {
        /** All is written, to be committed. */
        COMPLETE,
        /** The transaction ends after the boundary: to be rolled back. */
        PAST_BOUNDARY,
        /** The capture gave the transaction up: to be rolled back. */
        ABANDONED,
        /** The applier is being closed. */
        CLOSING
    }

    /**
     * @param wanted what to write: as many transactions as it has, from its start on; one if its
     *     end is not known
     * @param boundary as {@link BatchFormer#bound}
     * @param oneByOne the number of the run to write one by one, or 0
     */
    OrderedPass(
            Site site,
            Stream stream,
            Fleet fleet,
            Batch wanted,
            Optional<SourcePosition> boundary,
            int oneByOne,
            BooleanSupplier closing) {
        this.site = site;
        this.stream = stream;
        this.dealing = fleet.dealing();
        this.worker = fleet.first();
        this.limits = site.limits();
        this.wanted = wanted;
        this.boundary = boundary;
        this.oneByOne = oneByOne;
        this.closing = closing;
        this.done = wanted.again();
    }

    /** What was written, once the pass is complete. */
    Batch done() {
        return done;
    }

    /** How late a row was read from the source, if one was. */
    Optional<SourcePosition> readAt() {
        return Optional.ofNullable(readAt);
    }

    End run() throws SQLException, RowRefused {
        stream.rewind(wanted.start());
        int transactions = Math.max(1, wanted.transactions());
        while (done.transactions() < transactions) {
            SourceEvent event = stream.poll();
            if (closing.getAsBoolean()) {
                return End.CLOSING;
            }
            if (event == null) {
                LockSupport.parkNanos(WAIT_NANOS);
            } else if (event instanceof Change change) {
                changes++;
                done.count(change.layout().table());
                change(change);
            } else if (event instanceof SourceEvent.Begin begin) {
                transaction = begin.transactionId();
                changes = 0;
                marker = null;
            } else if (event instanceof SourceEvent.Marker said) {
                if (BatchFormer.isOurs(said)) {
                    marker = said.content();
                }
            } else if (event instanceof SourceEvent.TableEnd) {
                // Whoever formed the batch has stopped the table already.
            } else if (event instanceof SourceEvent.Commit commit) {
                if (boundary.filter(commit.position()::isAfter).isPresent()) {
                    return End.PAST_BOUNDARY;
                }
                done.add(commit, changes);
                if (marker != null) {
                    done.addMarker(marker);
                }
            } else {
                return End.ABANDONED;
            }
        }
        flush();
        return End.COMPLETE;
    }

    private void change(Change change) throws SQLException, RowRefused {
        Optional<TablePlan> known = site.plans().plan(change.layout());
        if (known.isEmpty() || known.get().copiedAlready(transaction)) {
            return;
        }
        TablePlan plan = known.get();
        if (change.operation() == Operation.TRUNCATE) {
            truncate(plan);
        } else if (!plan.layout().hasKey()) {
            if (takesPart(dealing.of(plan))) {
                add(OrderedRun.Kind.KEYLESS, plan, null, null, null, change);
            }
        } else {
            keyed(plan, change);
        }
    }

    private void truncate(TablePlan plan) throws SQLException, RowRefused {
        requireAll("a TRUNCATE");
        if (run != null && run.kind() == OrderedRun.Kind.TRUNCATE) {
            run.addEmptied(plan);
        } else {
            flush();
            run = new OrderedRun(OrderedRun.Kind.TRUNCATE, plan, wanted.converging());
        }
    }

    private void keyed(TablePlan plan, Change change) throws SQLException, RowRefused {
        TableLayout layout = plan.layout();
        switch (change.operation()) {
            case INSERT ->
                    dealt(
                            plan,
                            layout.keyOf(change.after()),
                            Operation.INSERT,
                            change.after(),
                            change);
            case DELETE ->
                    dealt(plan, layout.keyOf(change.before()), Operation.DELETE, null, change);
            default -> {
                RowImage after = Fold.after(change);
                RowKey key = layout.keyOf(after);
                Optional<RowKey> old = Fold.movedFrom(change);
                if (old.isEmpty()) {
                    dealt(plan, key, Operation.UPDATE, after, change);
                } else if (wanted.participants().cardinality() == dealing.workers()) {
                    NetChange net = NetChange.of(Operation.UPDATE, after);
                    add(OrderedRun.Kind.MOVE, plan, old.get(), key, net, change);
                } else if (after.isPartial()) {
                    requireAll("a partial change of a key");
                } else {
                    dealt(plan, old.get(), Operation.DELETE, null, change);
                    dealt(plan, key, Operation.INSERT, after, change);
                }
            }
        }
    }

    private void dealt(
            TablePlan plan, RowKey key, Operation operation, RowImage after, Change change)
            throws SQLException, RowRefused {
        if (takesPart(dealing.of(plan, key))) {
            NetChange net = NetChange.of(operation, after);
            add(OrderedRun.kind(operation), plan, null, key, net, change);
        }
    }

    private boolean takesPart(int number) {
        return wanted.participants().get(number);
    }

    /**
     * What can't be dealt never went out in parallel, so no worker can be ahead of others in it.
     */
    private void requireAll(String what) {
        if (wanted.participants().cardinality() != dealing.workers()) {
            throw Fault.of(
                            FaultCode.INTERNAL,
                            what + " lies in a batch that some workers have committed already")
                    .at(wanted.start().after());
        }
    }

    private void add(
            OrderedRun.Kind kind,
            TablePlan plan,
            RowKey old,
            RowKey key,
            NetChange net,
            Change change)
            throws SQLException, RowRefused {
        if (run != null
                && (!run.takes(kind, plan, old, key)
                        || run.size() >= limits.changes()
                        || run.weight() >= limits.bytes())) {
            flush();
        }
        if (run == null) {
            run = new OrderedRun(kind, plan, wanted.converging());
        }
        run.add(old, key, net, change);
    }

    private void flush() throws SQLException, RowRefused {
        if (run == null) {
            return;
        }
        OrderedRun full = run;
        run = null;
        runs++;
        if (runs == oneByOne) {
            full.writeOneByOne(
                    worker, this::readMoved, (plan, what, e) -> refused(plan, true, what, e));
            return;
        }
        try {
            full.write(worker, this::readMoved);
        } catch (SQLException | RowsDiffer e) {
            throw refused(full.plan(), false, "", e);
        }
    }

    private RowRefused refused(TablePlan plan, boolean one, String what, Exception cause)
            throws SQLException {
        Optional<Refusal> refusal = Optional.empty();
        if (cause instanceof SQLException error) {
            refusal = Optional.of(site.target().judge(error));
            if (refusal.get().verdict() != Verdict.REFUSED) {
                throw error;
            }
        }
        return new RowRefused(runs, plan, one, what, stream.after(), refusal, cause);
    }

    private Optional<RowImage> readMoved(TableLayout layout, RowKey key) {
        SourceRows.Reading reading = site.sourceRows().read(layout, key);
        if (readAt == null || reading.at().isAfter(readAt)) {
            readAt = reading.at();
        }
        return reading.row();
    }
}
