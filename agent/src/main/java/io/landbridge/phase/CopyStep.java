package io.landbridge.phase;

import io.landbridge.load.BulkLoad;
import io.landbridge.offsets.SourcePosition;
import java.util.Optional;

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
                new BulkLoad(
                        work.site.source(),
                        work.site.target(),
                        work.site.migration(),
                        work.tables().source(),
                        work.tables().target(),
                        work.site.config().load());
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
