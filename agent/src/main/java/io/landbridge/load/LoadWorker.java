package io.landbridge.load;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.source.PostgresCopyReader;
import io.landbridge.target.PostgresCopyWriter;
import io.landbridge.target.TableStates;
import java.util.Map;
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
            Database source,
            Database target,
            Map<TableId, TableCopy> copies,
            ChunkStore chunks,
            TableStates states,
            LoadProgress progress,
            LoadControl control,
            Throttle throttle) {}

    private final Shared shared;
    private final String name;
    private volatile PostgresCopyReader reader;
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
            for (Chunk chunk = queue.next(); chunk != null; chunk = queue.next()) {
                if (!copyPatiently(chunk)) {
                    return;
                }
            }
        } finally {
            disconnect();
        }
    }

    /** Breaks off what is under way; to be called after the load was stopped. */
    void abort() {
        PostgresCopyReader reading = reader;
        if (reading != null) {
            reading.abort();
        }
        PostgresCopyWriter writing = writer;
        if (writing != null) {
            writing.abort();
        }
    }

    /** False when the load was stopped before the chunk was copied. */
    private boolean copyPatiently(Chunk chunk) {
        Patience patience = new Patience();
        while (true) {
            Counted counted = new Counted(shared.progress(), chunk.table());
            try {
                connect();
                if (patience.isFresh() || !isDone(chunk)) {
                    copy(chunk, counted);
                }
                shared.progress().goesOn();
                return true;
            } catch (Fault fault) {
                counted.takeBack();
                disconnect();
                if (shared.control().isStopped()) {
                    return false;
                }
                if (!patience.allows(fault)) {
                    throw fault.in(chunk.table());
                }
                LOG.warn("{} is tried again: {}", chunk, fault.describe());
                shared.progress().retries();
                shared.progress().waits(fault.describe());
                if (!shared.control().sleep(patience.pause())) {
                    return false;
                }
            }
        }
    }

    private void connect() {
        if (writer == null) {
            writer = new PostgresCopyWriter(shared.target(), name);
        }
        if (reader == null) {
            reader = new PostgresCopyReader(shared.source(), name);
        }
        if (shared.control().isStopped()) {
            // A stop that came while we connected found nothing to abort.
            disconnect();
            throw Fault.of(FaultCode.INTERNAL, "the load was stopped");
        }
    }

    /** After a connection was lost in a commit, nobody but the target knows. */
    private boolean isDone(Chunk chunk) {
        boolean done =
                writer.with(
                        "the state of " + chunk,
                        connection -> shared.chunks().isDone(connection, chunk));
        writer.commit();
        if (done) {
            shared.progress().done(chunk);
        }
        return done;
    }

    private void copy(Chunk chunk, Counted counted) {
        TableCopy copy = shared.copies().get(chunk.table());
        String doing = "the copy of " + chunk;
        String snapshot = null;
        if (copy.needsSnapshot()) {
            snapshot = reader.openUnderSnapshot(copy.read(chunk), doing);
        } else {
            reader.open(copy.read(chunk), doing);
        }
        writer.open(copy.write(), doing);
        long bytes = new CopyPipe(reader, writer, shared.throttle(), counted).pump();
        long rows = reader.finish();
        long taken = writer.finish();
        if (rows != taken) {
            throw Fault.of(
                    FaultCode.INTERNAL,
                    "the source gave " + rows + " rows, the target took " + taken + " in " + doing);
        }
        if (!markDone(chunk, snapshot, rows, bytes)) {
            // Ours, of a session that we lost: its rows are there, these must not be.
            throw Fault.of(FaultCode.NOT_LEADER, "somebody else has done " + chunk)
                    .hint("nothing needs to be done; the rows are there once");
        }
        writer.commit();
        counted.settle(rows);
        shared.progress().done(chunk);
    }

    private boolean markDone(Chunk chunk, String snapshot, long rows, long bytes) {
        return writer.with(
                "the end of " + chunk,
                connection -> {
                    if (snapshot != null) {
                        shared.states()
                                .markLoaded(connection, chunk.table(), snapshot, rows, bytes);
                    }
                    return shared.chunks().markDone(connection, chunk, rows, bytes);
                });
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
