package io.landbridge.apply;

import io.landbridge.buffer.EventReader;
import io.landbridge.buffer.EventReader.Mark;
import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.offsets.WorkerProgress;
import io.landbridge.target.PostgresSession;
import io.landbridge.target.TableStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Takes the target back to the source's state as of an earlier moment: what the changes since then
 * did is undone by their old values, in one transaction that also sets the progress back. The
 * applier stands still meanwhile. Refused, with nothing changed, when the old values are not all
 * there.
 *
 * <p>Used once, by one thread.
 */
public final class Rewind implements AutoCloseable {

    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(30);

    private final Instant to;
    private final EventReader held;
    private SourcePosition position;
    private Instant committedAt;
    private Instant nextAt;
    private Mark behind;

    /**
     * What was undone.
     *
     * @param transactions of the source
     * @param changes in them
     * @param rows brought back or taken away, by table
     */
    public record Undone(long transactions, long changes, Map<TableId, Long> rows) {

        /** Nothing. */
        public static final Undone NOTHING = new Undone(0, 0, Map.of());

        public Undone {
            rows = Map.copyOf(rows);
        }
    }

    /**
     * Finds the last commit before the first one that is later than {@code to}.
     *
     * @param held all that the buffer still has; closed with this
     * @param applied where the target stands, to look no further than needed
     * @throws Fault REWIND_REFUSED when the buffer's transactions are all later
     */
    public Rewind(EventReader held, Instant to, SourcePosition applied) {
        this.to = to;
        this.held = held;
        try {
            find(applied);
        } catch (RuntimeException e) {
            held.close();
            throw e;
        }
    }

    private void find(SourcePosition applied) {
        while (true) {
            SourceEvent event = held.poll();
            if (event == null) {
                break;
            }
            if (event instanceof SourceEvent.Commit commit) {
                if (commit.committedAt().isAfter(to)) {
                    nextAt = commit.committedAt();
                    break;
                }
                position = commit.position();
                committedAt = commit.committedAt();
                behind = held.mark();
            }
        }
        if (position == null) {
            throw refused(
                            nextAt == null
                                    ? "the queue holds no transaction any more"
                                    : "the queue holds nothing as old as that: its first"
                                            + " transaction committed at "
                                            + nextAt)
                    .hint(
                            "rollback.history keeps changes in the queue for as long as it says;"
                                    + " transport.max-size bounds it")
                    .at(applied);
        }
    }

    static Fault refused(String why) {
        return Fault.of(FaultCode.REWIND_REFUSED, why);
    }

    /** Where the target is to stand: the end of the last commit that counts. */
    public SourcePosition position() {
        return position;
    }

    /** When that was committed, by the source's clock. */
    public Instant committedAt() {
        return committedAt;
    }

    /** When the one after it was, as far as it is known. */
    public Optional<Instant> nextAt() {
        return Optional.ofNullable(nextAt);
    }

    /**
     * Undoes everything between {@link #position} and {@code applied}.
     *
     * @param applied where all workers stand, and stay meanwhile
     * @throws Fault REWIND_REFUSED when that can't be exact; whatever is thrown, nothing is changed
     */
    public Undone run(
            Database target, ProgressStore progress, TableStates states, SourcePosition applied) {
        try (PostgresSession session = PostgresSession.open(target, "rewind", LOCK_TIMEOUT)) {
            Connection connection = session.connection();
            List<WorkerProgress> workers = progress.readSettled(connection);
            if (!workers.stream().allMatch(worker -> worker.position().equals(applied))) {
                throw refused("the target does not stand at " + applied.text() + " any more")
                        .hint("ask again");
            }
            refuseStopped(connection, states);
            StagedUndo staged = new StagedUndo(connection);
            Reading reading = new Reading(staged);
            reading.readThrough(applied);
            Map<TableId, Long> rows = new TreeMap<>();
            for (UndoneTable table : reading.tables.values()) {
                rows.put(table.id(), table.undo(connection, staged));
            }
            staged.drop();
            progress.reset(
                    connection,
                    workers.size(),
                    position,
                    workers.get(0).transactions() - reading.transactions,
                    workers.get(0).changes() - reading.changes);
            connection.commit();
            return new Undone(reading.transactions, reading.changes, rows);
        } catch (SQLException e) {
            throw target.fault("undoing changes", e);
        }
    }

    private static void refuseStopped(Connection connection, TableStates states)
            throws SQLException {
        List<TableId> stopped =
                states.read(connection).values().stream()
                        .filter(state -> state.stop().isPresent())
                        .map(state -> state.table())
                        .toList();
        if (!stopped.isEmpty()) {
            throw refused("tables stand still, and lack changes of before: " + stopped)
                    .hint("'landbridge repair' first");
        }
    }

    @Override
    public void close() {
        held.close();
    }

    /** Reads what came later, and stages how it was before. */
    private final class Reading {

        private final StagedUndo staged;
        private final Map<TableId, UndoneTable> tables = new LinkedHashMap<>();
        private long transactions;
        private long changes;
        private long open;

        Reading(StagedUndo staged) {
            this.staged = staged;
        }

        void readThrough(SourcePosition applied) throws SQLException {
            held.rewind(behind);
            while (true) {
                SourceEvent event = held.poll();
                if (event == null) {
                    throw refused("the queue ends before " + applied.text()).hint("ask again");
                }
                if (event instanceof Change change) {
                    open++;
                    stage(change);
                } else if (event instanceof SourceEvent.Abandoned) {
                    staged.forget(transactions);
                    open = 0;
                } else if (event instanceof SourceEvent.Commit commit) {
                    transactions++;
                    changes += open;
                    open = 0;
                    if (commit.position().covers(applied)) {
                        break;
                    }
                }
            }
            staged.flush();
        }

        private void stage(Change change) throws SQLException {
            TableLayout layout = change.layout();
            UndoneTable table = tables.get(change.table());
            if (table == null) {
                table = new UndoneTable(tables.size(), layout);
                tables.put(change.table(), table);
            } else if (!table.layout().equals(layout)) {
                throw refused("its columns changed since").in(change.table());
            }
            if (change.operation() == Operation.TRUNCATE) {
                throw refused("it was truncated since: its rows are not in the log")
                        .in(change.table())
                        .hint("a later moment, behind the TRUNCATE, may do");
            }
            table.stage(change, transactions, staged);
        }
    }
}
