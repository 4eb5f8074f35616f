package io.landbridge.load;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.source.CopyReader;
import io.landbridge.target.PostgresCopyWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One attempt to copy chunks in one transaction of the target, together with their state. Used once
 * by one thread.
 */
final class LotCopy {

    private final LoadWorker.Shared shared;
    private final CopyReader reader;
    private final PostgresCopyWriter writer;
    private final List<Counted> counted = new ArrayList<>();
    private final List<CopiedChunk> copied = new ArrayList<>();

    LotCopy(LoadWorker.Shared shared, CopyReader reader, PostgresCopyWriter writer) {
        this.shared = shared;
        this.reader = reader;
        this.writer = writer;
    }

    /**
     * Copies {@code lot} and commits.
     *
     * @throws Fault with the table it was met in, if it was one; nothing is committed then, unless
     *     the connection was lost in the commit itself
     */
    void copy(List<Chunk> lot) {
        if (lot.isEmpty()) {
            return;
        }
        // Only those that need one moment are held to it: what is truncated after a snapshot can't
        // be read in it any more.
        List<Chunk> whole = lot.stream().filter(chunk -> copyOf(chunk).whole()).toList();
        if (!whole.isEmpty()) {
            String snapshot =
                    reader.beginSnapshot(
                            whole.stream().map(Chunk::table).distinct().toList(),
                            "a snapshot for " + whole.get(0));
            copyAll(whole, Optional.of(snapshot));
            reader.endSnapshot();
        }
        copyAll(lot.stream().filter(chunk -> !copyOf(chunk).whole()).toList(), Optional.empty());
        // After the rows, outside their snapshot: DDL before or while they were read is seen.
        TableShapes.check(reader, lot, shared.copies());
        boolean ours = writer.with("the end of " + lot.get(0), this::markDone);
        if (!ours) {
            throw Fault.of(FaultCode.NOT_LEADER, "somebody else has done " + lot.get(0))
                    .hint("nothing needs to be done: the rows are there once");
        }
        writer.commit();
        copied.forEach(shared.progress()::done);
        counted.clear();
    }

    private void copyAll(List<Chunk> chunks, Optional<String> snapshot) {
        for (Chunk chunk : chunks) {
            try {
                copy(chunk, snapshot);
            } catch (Fault fault) {
                throw fault.in(chunk.table());
            }
        }
    }

    /** Undoes what people see of an attempt that failed. */
    void takeBack() {
        counted.forEach(Counted::takeBack);
        counted.clear();
    }

    private TableCopy copyOf(Chunk chunk) {
        return shared.copies().get(chunk.table());
    }

    private void copy(Chunk chunk, Optional<String> snapshot) {
        TableCopy copy = copyOf(chunk);
        Counted count = new Counted(shared.progress(), chunk.table());
        counted.add(count);
        String doing = "the copy of " + chunk;
        reader.open(copy.read(chunk), doing);
        writer.open(copy.write(), doing);
        long bytes = new CopyPipe(reader, writer, shared.throttle(), count).pump();
        long rows = reader.finish();
        long taken = writer.finish();
        if (rows != taken) {
            throw Fault.of(
                            FaultCode.INTERNAL,
                            "the source gave %d rows, the target took %d in %s"
                                    .formatted(rows, taken, doing))
                    .hint("look for a trigger or rule that drops rows even for replicas");
        }
        count.settle(rows);
        copied.add(new CopiedChunk(chunk, snapshot, rows, bytes));
    }

    /** False when a session of ours that we lost sight of had done some: theirs stay, not these. */
    private boolean markDone(Connection connection) throws SQLException {
        for (CopiedChunk one : copied) {
            if (one.snapshot().isPresent()) {
                shared.states()
                        .markLoaded(
                                connection,
                                one.chunk().table(),
                                one.snapshot().get(),
                                one.rows(),
                                one.bytes());
            }
        }
        return shared.chunks().markDone(connection, copied) == copied.size();
    }
}
