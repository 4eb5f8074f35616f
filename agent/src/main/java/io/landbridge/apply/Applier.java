package io.landbridge.apply;

import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.change.TableId;
import io.landbridge.config.ApplyConfig;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.Table;
import io.landbridge.target.ApplyNotes;
import io.landbridge.target.Destination;
import io.landbridge.target.TableStates;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Applies the buffer's transactions to the target, exactly once, in batches of net changes. This is
 * what others see of it: requests, which the dispatch thread carries out, and its status. Safe to
 * use from any thread.
 *
 * <p>Where it starts is what the target's progress says; {@link ProgressStore#reset} must have been
 * called once for the stream. Faults that may pass are waited out for ever, visible in {@link
 * #status}; others end it: the status is FAILED then, and requests fail with the fault.
 *
 * <p>A hold leaves no transaction open at the target. While it lasts, further boundaries may be
 * asked for; {@link #release} goes on to the nearest.
 */
public final class Applier implements AutoCloseable {

    private static final long CLOSE_MILLIS = 30_000;

    private final Dispatch dispatch;
    private final Thread thread;
    private final Optional<Roster> roster;
    private final CopyOnWriteArrayList<Consumer<SourcePosition>> listeners =
            new CopyOnWriteArrayList<>();

    /**
     * @param targetTables by the table's name at the source
     * @param leftOut columns that the source's tables have and the target's lack, and that are not
     *     written: any other that the target lacks stops its table
     * @param sourceRows for values that only the source has, while converging
     * @param sharing who writes with this agent
     */
    public Applier(
            Destination target,
            ChangeBuffer buffer,
            ApplyConfig config,
            ProgressStore progress,
            TableStates states,
            Map<TableId, Table> targetTables,
            Map<TableId, Set<String>> leftOut,
            SourceRows sourceRows,
            Optional<Sharing> sharing) {
        ApplyNotes notes = new ApplyNotes(progress.migration(), progress.stream());
        TablePlans plans = new TablePlans(target, notes, states, targetTables, leftOut);
        this.roster = sharing.map(Sharing::crew).map(Roster::new);
        Lanes lanes =
                sharing.<Lanes>map(
                                with ->
                                        new SharedLanes(
                                                target,
                                                progress,
                                                plans,
                                                with,
                                                roster.orElseThrow(),
                                                this::applied))
                        .orElseGet(() -> new OwnLanes(target, progress));
        this.dispatch =
                new Dispatch(
                        new Site(target, buffer, config, progress, notes, plans, sourceRows, lanes),
                        position -> listeners.forEach(listener -> listener.accept(position)));
        this.thread = new Thread(dispatch, "landbridge-apply");
        this.thread.setDaemon(true);
    }

    /** As the longer form; whatever the target lacks stops its table, and nobody shares. */
    public Applier(
            Destination target,
            ChangeBuffer buffer,
            ApplyConfig config,
            ProgressStore progress,
            TableStates states,
            Map<TableId, Table> targetTables,
            SourceRows sourceRows) {
        this(
                target,
                buffer,
                config,
                progress,
                states,
                targetTables,
                Map.of(),
                sourceRows,
                Optional.empty());
    }

    private Optional<SourcePosition> applied() {
        return dispatch.status().applied();
    }

    /** The other agents that share the writing, as far as they are heard. */
    public List<Mate> mates() {
        return roster.map(Roster::mates).orElse(List.of());
    }

    /** Starts the loop; once. */
    public void start() {
        thread.start();
    }

    /**
     * Says that the target may be ahead of the stream up to {@code position}, as it is after a
     * load: transactions that end at or before it are applied as converging ones, and the applier
     * holds there. Later ones are strict. Ask before {@link #start} when the stream may begin
     * before {@code position}.
     *
     * @return completes, with the applied position, when the applier holds; that is at once when it
     *     is past {@code position} already. It may hold a little later than {@code position} when
     *     rows had to be read from the source
     */
    public CompletableFuture<SourcePosition> convergeThrough(SourcePosition position) {
        return ask(dispatch::convergeThrough, position);
    }

    /**
     * Applies every transaction that ends at or before {@code position}, none after, and holds.
     *
     * @return completes with the applied position, no transaction lying between it and {@code
     *     position}; fails when the applier is past it; cancel it to take the request back
     */
    public CompletableFuture<SourcePosition> holdAt(SourcePosition position) {
        return ask(dispatch::holdAt, position);
    }

    /** Holds after the batch in flight; completes with the applied position. */
    public CompletableFuture<SourcePosition> hold() {
        return ask((nothing, reached) -> dispatch.hold(reached), null);
    }

    /**
     * Holds after the transaction that contains a marker of ours with {@code content}. Ask before
     * the marker is written: one that was applied already is not seen.
     */
    public CompletableFuture<SourcePosition> awaitMarker(String content) {
        return ask(dispatch::awaitMarker, content);
    }

    /** Goes on after a hold; does nothing when there is none. */
    public void release() {
        dispatch.mailbox().post(dispatch::release, new CompletableFuture<>());
    }

    /** Has {@code listener} called on the dispatch thread after each batch; it must be quick. */
    public void addCommitListener(Consumer<SourcePosition> listener) {
        listeners.add(listener);
    }

    public ApplierStatus status() {
        return dispatch.status();
    }

    /** Source changes applied of each table since its start; tables without any are absent. */
    public Map<TableId, Long> changesByTable() {
        return dispatch.changesByTable();
    }

    private <T> CompletableFuture<SourcePosition> ask(
            BiConsumer<T, CompletableFuture<SourcePosition>> command, T argument) {
        CompletableFuture<SourcePosition> reached = new CompletableFuture<>();
        dispatch.mailbox().post(() -> command.accept(argument, reached), reached);
        return reached;
    }

    /** Ends the loop; what is in flight is rolled back, or found committed at the next start. */
    @Override
    public void close() {
        dispatch.stop();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
