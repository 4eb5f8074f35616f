package io.landbridge.phase;

import io.landbridge.change.TableId;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.source.Partition;
import io.landbridge.source.PostgresPartitions.Look;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The partitions of the migrated tables as they were last seen, and what happened to them that no
 * comparison has covered yet. Immutable; survives the agent as a document in the target.
 *
 * @param known as last seen
 * @param events what the stream did not carry, oldest first
 */
record PartitionBook(List<Partition> known, List<Event> events) {

    /** What can be told from the catalogue. */
    enum What {
        REPLACED("was truncated or rewritten"),
        APPEARED("was attached or created"),
        GONE("was detached or dropped");

        private final String words;

        What(String words) {
            this.words = words;
        }
    }

    /**
     * One partition's change.
     *
     * @param at a position in the source's log behind the change: what was compared there or later
     *     has seen it
     */
    record Event(TableId table, TableId partition, What what, SourcePosition at) {

        /** As in "partition public.sale_2024 was truncated or rewritten". */
        String describe() {
            return "partition " + partition + " " + what.words;
        }
    }

    PartitionBook {
        known = List.copyOf(known);
        events = List.copyOf(events);
    }

    /** The first page: what is there now is what the load or the stream begins with. */
    static PartitionBook of(Look look) {
        return new PartitionBook(look.partitions(), List.of());
    }

    /** With what {@code look} shows to be different. */
    PartitionBook after(Look look) {
        Map<Long, Partition> gone = new LinkedHashMap<>();
        known.forEach(partition -> gone.put(partition.oid(), partition));
        List<Event> all = new ArrayList<>(events);
        for (Partition now : look.partitions()) {
            Partition before = gone.remove(now.oid());
            if (before == null) {
                all.add(new Event(now.table(), now.name(), What.APPEARED, look.at()));
            } else if (!before.content().equals(now.content())) {
                all.add(new Event(now.table(), now.name(), What.REPLACED, look.at()));
            }
        }
        gone.values()
                .forEach(
                        lost ->
                                all.add(
                                        new Event(
                                                lost.table(), lost.name(), What.GONE, look.at())));
        return new PartitionBook(look.partitions(), all);
    }

    /** Without what a clean comparison at {@code position} has seen. */
    PartitionBook coveredThrough(SourcePosition position) {
        return new PartitionBook(
                known, events.stream().filter(event -> event.at().isAfter(position)).toList());
    }
}
