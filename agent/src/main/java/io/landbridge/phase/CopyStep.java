package io.landbridge.phase;

import io.landbridge.change.TableId;
import io.landbridge.load.BulkLoad;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.Table;
import io.landbridge.schema.TargetSchema;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Copies every row. Capture runs first and has shown that it streams before a row is read. */
final class CopyStep {

    private final Workplace work;

    CopyStep(Workplace work) {
        this.work = work;
    }

    void perform() throws InterruptedException {
        if (work.state().streamStart().isPresent()) {
            proveStreaming();
        }
        BulkLoad load =
                work.site
                        .source()
                        .load(work.tables().source(), work.tables().target(), mustBeWhole());
        work.load = Optional.of(load);
        try (load;
                StreamWatch watch = new StreamWatch(work, load::stop)) {
            if (work.requests.isPaused()) {
                load.pause();
            }
            load.plan();
            work.requests.breakable(load::stop, load::run);
            watch.check();
        }
    }

    /**
     * Tables that were there before us and keep their unique indexes: rows of different moments
     * would stand in each other's way there.
     */
    private Set<TableId> mustBeWhole() {
        Site site = work.site;
        if (site.config().schema().rebuildIndexes()) {
            return Set.of();
        }
        Set<TableId> ours = TargetSchema.created(site.target(), site.migration());
        return work.tables().target().values().stream()
                .filter(Table::unique)
                .map(Table::id)
                .filter(table -> !ours.contains(table))
                .collect(Collectors.toSet());
    }

    /** A marker that was put into the source's log now comes out of the buffer's other end. */
    private void proveStreaming() throws InterruptedException {
        SourcePosition now = work.site.log().currentPosition();
        work.site.log().emitMarker("");
        while (!work.requests.wantsBreakOff()) {
            Stream stream = work.stream();
            stream.check();
            if (stream.buffer().last().filter(last -> last.covers(now)).isPresent()) {
                return;
            }
            work.requests.await(20);
        }
    }
}
