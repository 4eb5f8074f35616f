package io.landbridge.load;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.source.CopyReader;
import io.landbridge.source.CopySource;
import io.landbridge.target.PostgresCopyWriter;
import io.landbridge.target.TableStates;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies chunk after chunk over one connection to each side, which it opens when it needs them and
 * gives up when anything fails: the servers then roll back what was under way.
 *
 * <p>{@link #run} belongs to one thread; {@link #abort} may come from any.
 */
final class LoadWorker {

    private static final Logger LOG = LoggerFactory.getLogger(LoadWorker.class);

    /** What all workers of a load share. */
    record Shared(
            CopySource source,
            Database target,
            Map<TableId, TableCopy> copies,
            ChunkStore chunks,
            TableStates states,
            LoadProgress progress,
            LoadControl control,
            Throttle throttle) {}

    private final Shared shared;
    private final String name;
    private volatile CopyReader reader;
    private volatile PostgresCopyWriter writer;

    LoadWorker(Shared shared, int number) {
        this.shared = shared;
        this.name = "load " + number;
    }

    /**
     * Copies until {@code queue} gives nothing more, waiting out whatever passes by itself.
     *
     * @throws Fault what doesn't pass, with the table it met it in
     */
    void run(ChunkQueue queue) {
        try {
            for (List<Chunk> lot = queue.next(); !lot.isEmpty(); lot = queue.next()) {
                if (!copyPatiently(lot)) {
                    return;
                }
            }
        } finally {
            disconnect();
        }
    }

    /** Breaks off what is under way; to be called after the load was stopped. */
    void abort() {
        CopyReader reading = reader;
        if (reading != null) {
            reading.abort();
        }
        PostgresCopyWriter writing = writer;
        if (writing != null) {
            writing.abort();
        }
    }

    /** False when the load was stopped before the lot was copied. */
    private boolean copyPatiently(List<Chunk> lot) {
        Patience patience = new Patience();
        while (true) {
            Optional<LotCopy> attempt = Optional.empty();
            try {
                connect();
                List<Chunk> undone = patience.isFresh() ? lot : undone(lot);
                attempt = Optional.of(new LotCopy(shared, reader, writer));
                attempt.get().copy(undone);
                shared.progress().goesOn();
                return true;
            } catch (Fault fault) {
                attempt.ifPresent(LotCopy::takeBack);
                disconnect();
                if (shared.control().isStopped()) {
                    return false;
                }
                if (!patience.allows(fault)) {
                    throw explained(fault, lot);
                }
                LOG.warn("the load tries again: {}", fault.describe());
                shared.progress().retries();
                shared.progress().waits(fault.describe());
                if (!shared.control().sleep(patience.pause())) {
                    return false;
                }
            }
        }
    }

    /** What failed since the source's table was changed shall say so. */
    private Fault explained(Fault fault, List<Chunk> lot) {
        try (CopyReader look = shared.source().reader(name)) {
            TableShapes.check(look, lot, shared.copies());
            return fault;
        } catch (Fault found) {
            found.addSuppressed(fault);
            return found.code() == FaultCode.SOURCE_DDL ? found : fault;
        }
    }

    private void connect() {
        if (writer == null) {
            writer = new PostgresCopyWriter(shared.target(), name);
        }
        if (reader == null) {
            reader = shared.source().reader(name);
        }
        if (shared.control().isStopped()) {
            // A stop that came while we connected found nothing to abort.
            disconnect();
            throw Fault.of(FaultCode.INTERNAL, "the load was stopped");
        }
    }

    /** After a connection was lost in a commit, nobody but the target knows what became of it. */
    private List<Chunk> undone(List<Chunk> lot) {
        List<Chunk> undone =
                writer.with(
                        "the state of " + lot.get(0),
                        connection -> shared.chunks().undoneOf(connection, lot));
        writer.commit();
        return undone;
    }

    private void disconnect() {
        close(writer);
        writer = null;
        close(reader);
        reader = null;
    }

    private static void close(AutoCloseable connection) {
        if (connection == null) {
            return;
        }
        try {
            connection.close();
        } catch (Exception e) {
            LOG.debug("a connection that is given up didn't close", e);
        }
    }
}
