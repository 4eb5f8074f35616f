package io.landbridge.phase;

import io.landbridge.cutover.ReversePath;
import io.landbridge.source.Fence;
import io.landbridge.source.LockPatience;
import java.util.Map;

/** What must be open before clients come back to the source: the source itself. */
final class SourceOpening implements ReversePath {

    private final Workplace work;
    private final Fence fence;
    private final LockPatience patience;

    SourceOpening(Workplace work, Fence fence, LockPatience patience) {
        this.work = work;
        this.fence = fence;
        this.patience = patience;
    }

    @Override
    public Map<String, String> prove() {
        // The stream back has been running all the time.
        return Map.of();
    }

    @Override
    public Map<String, String> open() {
        fence.lower();
        return Map.of("source", "takes writes");
    }

    /** Shuts it again, for all but the stream back; nobody was let through meanwhile. */
    @Override
    public void shut() {
        if (!fence.isRaised()) {
            fence.raise(work.routeForth().tableIds(), "", patience);
        }
        fence.admitUs();
    }

    @Override
    public void close() {
        // There is nothing that a rollback made ahead.
    }
}
