package io.landbridge.validate;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.RowHash;
import io.landbridge.schema.digest.TableReader;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One worker's readers of both sides, and a thread that reads the target while the worker itself
 * reads the source.
 */
final class Readers implements AutoCloseable {

    /** A question to one side. */
    interface Question<T> {
        T ask(TableReader reader);
    }

    record Both<T>(T source, T target) {}

    private final TableReader source;
    private final TableReader target;
    private final ExecutorService beside;
    private boolean agreed;

    Readers(Meeting meeting) {
        this.source = meeting.source().reader();
        try {
            this.target = meeting.target().reader();
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
        this.beside =
                Executors.newSingleThreadExecutor(
                        task -> {
                            Thread thread = new Thread(task, "landbridge-validate-target");
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    TableReader source() {
        return source;
    }

    TableReader target() {
        return target;
    }

    /** Lets both sides sum up by the quickest hash that they show to have in common. */
    void agreeOnHash(ComparedTable.Pair table) {
        if (!agreed) {
            Both<Optional<String>> said =
                    both(
                            reader -> reader.quickHashes(table.source()),
                            reader -> reader.quickHashes(table.target()));
            if (said.source().isPresent() && said.source().equals(said.target())) {
                source.hashBy(RowHash.QUICK);
                target.hashBy(RowHash.QUICK);
            }
            agreed = true;
        }
    }

    /** Asks both sides at the same time. */
    <T> Both<T> both(Question<T> ofSource, Question<T> ofTarget) {
        Future<T> there = beside.submit(() -> ofTarget.ask(target));
        try {
            return new Both<>(ofSource.ask(source), there.get());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Fault fault
                    ? fault
                    : Fault.of(FaultCode.INTERNAL, "the target's reader failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.of(FaultCode.VALIDATION_FAILED, "the validation was interrupted", e);
        } finally {
            if (!there.isDone()) {
                target.cancel();
            }
        }
    }

    void cancel() {
        source.cancel();
        target.cancel();
    }

    @Override
    public void close() {
        beside.shutdown();
        try (source) {
            target.close();
        }
    }
}
