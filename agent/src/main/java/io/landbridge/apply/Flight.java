package io.landbridge.apply;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.target.Destination;
import io.landbridge.target.Refusal.Verdict;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * A round on its way to the target.
 *
 * @param round what is on its way
 * @param parts what the lanes do
 * @param sessions of the target that do it
 * @param alone whether one worker writes and commits all of it
 * @param committing whether the lanes commit, rather than write
 * @param since System.nanoTime at its first statement
 */
record Flight(
        Round round,
        List<CompletableFuture<Void>> parts,
        List<Long> sessions,
        boolean alone,
        boolean committing,
        long since) {

    /** One worker's task, which commits too. */
    static Flight alone(Round round, Worker worker, Worker.Task task) {
        return new Flight(
                round,
                List.of(worker.submit(task)),
                List.of(worker.sessionId()),
                true,
                false,
                System.nanoTime());
    }

    /** All of {@code lanes} do the same, each to its share. */
    static Flight together(
            Round round, List<Lane> lanes, Function<Lane, CompletableFuture<Void>> task) {
        return new Flight(
                round,
                lanes.stream().map(task).toList(),
                lanes.stream().map(Lane::sessionId).toList(),
                false,
                false,
                System.nanoTime());
    }

    /** The commit that follows this one. */
    Flight commit(List<Lane> lanes) {
        return new Flight(
                round, lanes.stream().map(Lane::commit).toList(), sessions, false, true, since);
    }

    boolean isDone() {
        return parts.stream().allMatch(CompletableFuture::isDone);
    }

    /** Throws what went wrong, if something did; waits for all parts first. */
    void check(Destination target) throws SQLException, RowsDiffer {
        await(target, parts);
    }

    /**
     * Waits for all of {@code parts}.
     *
     * @throws SQLException the one that says most: a fault that may pass hides what the others met,
     *     since only a new attempt can tell
     */
    static void await(Destination target, List<CompletableFuture<Void>> parts)
            throws SQLException, RowsDiffer {
        SQLException refused = null;
        RowsDiffer differ = null;
        for (CompletableFuture<Void> part : parts) {
            Throwable failure = failure(part);
            if (failure instanceof SQLException error) {
                if (target.judge(error).verdict() == Verdict.RETRY) {
                    throw error;
                }
                refused = error;
            } else if (failure instanceof RowsDiffer difference) {
                differ = difference;
            } else if (failure instanceof RuntimeException || failure instanceof Error) {
                throw Fault.of(FaultCode.INTERNAL, "a worker failed", failure);
            }
        }
        if (refused != null) {
            throw refused;
        }
        if (differ != null) {
            throw differ;
        }
    }

    private static Throwable failure(CompletableFuture<Void> part) {
        try {
            part.get();
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            return cause instanceof CompletionException wrapped ? wrapped.getCause() : cause;
        }
    }
}
