package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.TableId;
import io.landbridge.offsets.Lsn;
import io.landbridge.phase.PartitionBook.Event;
import io.landbridge.source.Partition;
import io.landbridge.source.PostgresPartitions.Look;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionBookTest {

    private static final Partition NORTH = partition(1, "north", "5/100");
    private static final Partition SOUTH = partition(2, "south", "6/101");

    private final PartitionBook book = PartitionBook.of(look("0/10", NORTH, SOUTH));

    @Test
    void tellsNothingWhileNothingChanges() {
        assertThat(book.after(look("0/20", SOUTH, NORTH)).events()).isEmpty();
    }

    @Test
    void tellsEachChangeOnceAndKeepsIt() {
        PartitionBook after =
                book.after(look("0/20", partition(1, "north", "5/110"), partition(3, "east", "")));
        assertThat(after.events().stream().map(Event::describe))
                .containsExactly(
                        "partition public.north was truncated or rewritten",
                        "partition public.east was attached or created",
                        "partition public.south was detached or dropped");
        assertThat(after.after(new Look(after.known(), Lsn.parse("0/30"))).events())
                .isEqualTo(after.events());
    }

    @Test
    void attachingAgainIsSeenThoughTheFileIsTheSame() {
        assertThat(book.after(look("0/20", NORTH, partition(2, "south", "9/101"))).events())
                .extracting(Event::what)
                .containsExactly(PartitionBook.What.REPLACED);
    }

    @Test
    void renamingIsNoChange() {
        assertThat(book.after(look("0/20", NORTH, partition(2, "old_south", "6/101"))).events())
                .isEmpty();
    }

    @Test
    void comparisonCoversWhatCameBeforeIt() {
        PartitionBook after = book.after(look("0/20", NORTH)).after(look("0/40"));
        assertThat(after.coveredThrough(Lsn.parse("0/1F")).events()).hasSize(2);
        assertThat(after.coveredThrough(Lsn.parse("0/20")).events()).hasSize(1);
        assertThat(after.coveredThrough(Lsn.parse("0/40")).events()).isEmpty();
    }

    private static Look look(String at, Partition... partitions) {
        return new Look(List.of(partitions), Lsn.parse(at));
    }

    private static Partition partition(long oid, String name, String content) {
        return new Partition(
                new TableId("public", "all"), oid, new TableId("public", name), content);
    }
}
