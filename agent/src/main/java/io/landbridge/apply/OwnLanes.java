package io.landbridge.apply;

import io.landbridge.offsets.ProgressStore;
import io.landbridge.target.Destination;
import java.util.ArrayList;
import java.util.List;

/** All lanes are written by this agent, each over a connection of its own. */
final class OwnLanes implements Lanes {

    private final Destination target;
    private final ProgressStore progress;

    OwnLanes(Destination target, ProgressStore progress) {
        this.target = target;
        this.progress = progress;
    }

    @Override
    public void clear() {
        // Whoever wrote before may still commit: the progress is read when that has ended.
    }

    @Override
    public List<Lane> open(int count, Runnable signal) {
        List<Lane> lanes = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                lanes.add(new OwnLane(new Worker(target, i, signal), progress));
            }
            return lanes;
        } catch (RuntimeException e) {
            lanes.forEach(Lane::close);
            throw e;
        }
    }

    @Override
    public boolean isStale() {
        return false;
    }

    @Override
    public void close() {
        // Each lane is closed by who opened it.
    }
}
