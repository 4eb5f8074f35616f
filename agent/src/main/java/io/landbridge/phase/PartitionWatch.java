package io.landbridge.phase;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.landbridge.change.TableId;
import io.landbridge.cutover.Evidence;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.MigrationState.ValidationOutcome;
import io.landbridge.phase.PartitionBook.Event;
import io.landbridge.schema.Table;
import io.landbridge.source.PostgresPartitions.Look;
import io.landbridge.target.Documents;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees what the source's log does not tell: partitions of migrated tables that are truncated,
 * attached or detached. Their rows then differ on both sides, so the table is told of in log and
 * status, and no cutover happens until a comparison behind the change was clean.
 *
 * <p>What was seen last is kept at the target, so that what happens while no agent runs is seen as
 * well. Rewriting a partition (VACUUM FULL) or truncating the whole table, which the stream does
 * carry, look the same from here; they cost a comparison. Thread-safe.
 */
final class PartitionWatch {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionWatch.class);
    private static final String NAME = "partitions";
    private static final int MOST_NAMED = 5;

    private final Site site;
    private final FaultBoard faults;
    private final Documents documents;
    private final Set<TableId> told = new HashSet<>();
    private volatile Optional<PartitionBook> book = Optional.empty();

    PartitionWatch(Site site, FaultBoard faults) {
        this.site = site;
        this.faults = faults;
        this.documents = new Documents(site.target(), site.migration());
    }

    /** Takes what is there now for given: nothing of {@code tables} has been moved yet. */
    synchronized void begin(List<Table> tables) {
        documents.createTable();
        keep(PartitionBook.of(site.source().partitions(tables)));
    }

    /**
     * Looks at the source; tells what is new, and forgets what {@code last} has covered.
     *
     * @param tables those that move, as they were when the agent began
     */
    synchronized void look(List<Table> tables, Optional<ValidationOutcome> last) {
        Optional<PartitionBook> before = book.or(this::stored);
        if (before.isEmpty()) {
            // Begun by a version that did not watch.
            begin(tables);
            return;
        }
        Look now = site.source().partitions(tables);
        PartitionBook seen = before.get().after(now);
        seen.events().stream()
                .skip(before.get().events().size())
                .forEach(
                        event ->
                                LOG.warn(
                                        "table {}: {} at the source, which its log does not tell",
                                        event.table(),
                                        event.describe()));
        PartitionBook after =
                last.filter(ValidationOutcome::clean)
                        .flatMap(ValidationOutcome::position)
                        .map(seen::coveredThrough)
                        .orElse(seen);
        if (!after.equals(before.get())) {
            keep(after);
        }
        book = Optional.of(after);
        tell(after);
    }

    private void tell(PartitionBook current) {
        Map<TableId, List<Event>> byTable =
                current.events().stream()
                        .collect(
                                Collectors.groupingBy(
                                        Event::table, LinkedHashMap::new, Collectors.toList()));
        byTable.forEach(
                (table, events) -> {
                    told.add(table);
                    faults.raise(who(table), fault(table, events), site.clock().instant());
                });
        told.removeIf(
                table -> {
                    boolean over = !byTable.containsKey(table);
                    if (over) {
                        faults.clear(who(table));
                    }
                    return over;
                });
    }

    private static String who(TableId table) {
        return NAME + " of " + table;
    }

    private static Fault fault(TableId table, List<Event> events) {
        return Fault.of(
                        FaultCode.SOURCE_PARTITION,
                        describe(events) + " at the source, which its log does not tell")
                .in(table)
                .at(events.get(events.size() - 1).at())
                .hint("run 'landbridge validate': the cutover waits until both sides are equal");
    }

    private static String describe(List<Event> events) {
        String named =
                events.stream()
                        .limit(MOST_NAMED)
                        .map(Event::describe)
                        .collect(Collectors.joining("; "));
        return events.size() > MOST_NAMED
                ? named + "; and " + (events.size() - MOST_NAMED) + " more"
                : named;
    }

    /** What stands against a cutover, from what was seen last; asks nobody. */
    Evidence evidence(Optional<ValidationOutcome> last) {
        List<Event> open = open(last);
        return open.isEmpty()
                ? Evidence.good(NAME, "as they were validated")
                : Evidence.bad(
                        NAME,
                        describe(open)
                                + " at the source after the last clean validation: validate again");
    }

    /** Whether {@code last} has seen all that was seen here. */
    boolean isCoveredBy(Optional<ValidationOutcome> last) {
        return open(last).isEmpty();
    }

    private List<Event> open(Optional<ValidationOutcome> last) {
        return book.map(
                        known ->
                                last.filter(ValidationOutcome::clean)
                                        .flatMap(ValidationOutcome::position)
                                        .map(known::coveredThrough)
                                        .orElse(known)
                                        .events())
                .orElse(List.of());
    }

    private Optional<PartitionBook> stored() {
        return documents
                .read(NAME)
                .map(
                        text -> {
                            try {
                                return StateStore.JSON.readValue(text, PartitionBook.class);
                            } catch (JsonProcessingException e) {
                                throw Fault.of(
                                        FaultCode.STATE_UNREADABLE,
                                        "what was known of partitions can't be read",
                                        e);
                            }
                        });
    }

    private void keep(PartitionBook next) {
        try {
            documents.write(NAME, StateStore.JSON.writeValueAsString(next));
        } catch (JsonProcessingException e) {
            throw Fault.of(FaultCode.INTERNAL, "what is known of partitions can't be written", e);
        }
        book = Optional.of(next);
    }
}
