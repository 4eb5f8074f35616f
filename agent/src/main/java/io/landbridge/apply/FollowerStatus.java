package io.landbridge.apply;

import io.landbridge.fault.Fault;
import io.landbridge.offsets.SourcePosition;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What an agent that follows does; counters since it began.
 *
 * @param name of the agent among the others
 * @param lanes that it writes now
 * @param deals how often lanes were dealt anew
 * @param rounds written
 * @param rows written
 * @param lagRecords of the stream, not read yet; empty while none is read
 * @param applied what the agent that leads has said last: everything up to here is in the target
 * @param fault what keeps it from writing, now
 */
public record FollowerStatus(
        String name,
        Set<Integer> lanes,
        long deals,
        long rounds,
        long rows,
        OptionalLong lagRecords,
        Optional<SourcePosition> applied,
        Optional<Fault> fault) {

    public FollowerStatus {
        lanes = Set.copyOf(lanes);
    }
}
