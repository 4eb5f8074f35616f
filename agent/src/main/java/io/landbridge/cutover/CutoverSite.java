package io.landbridge.cutover;

import io.landbridge.change.TableId;
import io.landbridge.source.Fence;
import io.landbridge.source.LockPatience;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a cutover works on.
 *
 * @param fence of the side that the writes leave
 * @param tables what is fenced
 * @param patience with writers in flight
 * @param marker puts a marker into that side's log
 * @param drain of the stream that leads away from it
 * @param clients to be moved away from it
 */
public record CutoverSite(
        Readiness readiness,
        Fence fence,
        Collection<TableId> tables,
        LockPatience patience,
        Consumer<String> marker,
        Drain drain,
        Duration drainTimeout,
        Proof proof,
        ReversePath reverse,
        Clients clients) {

    public CutoverSite {
        tables = List.copyOf(tables);
    }
}
