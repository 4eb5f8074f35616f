package io.landbridge.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.change.TableId;
import io.landbridge.source.KeyRange;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ChunkQueueTest {

    private final LoadControl control = new LoadControl();

    private static Chunk chunk(long id, long bytes) {
        TableId table = new TableId("public", "t" + id);
        return new Chunk(id, table, table, true, KeyRange.ALL, 1, bytes);
    }

    private static List<Long> ids(List<Chunk> lot) {
        return lot.stream().map(Chunk::id).toList();
    }

    @Test
    void handsOutLargeChunksOneByOneAndSmallOnesByTheLot() {
        ChunkQueue queue =
                new ChunkQueue(
                        List.of(
                                chunk(1, 100 << 20),
                                chunk(2, 1 << 20),
                                chunk(3, 8192),
                                chunk(4, 0),
                                chunk(5, 1 << 20)),
                        control);

        assertThat(ids(queue.next())).containsExactly(1L);
        assertThat(ids(queue.next())).containsExactly(2L);
        assertThat(ids(queue.next())).containsExactly(3L, 4L);
        assertThat(ids(queue.next())).containsExactly(5L);
        assertThat(queue.next()).isEmpty();
    }

    @Test
    void boundsALot() {
        ChunkQueue queue =
                new ChunkQueue(
                        LongStream.rangeClosed(1, 100)
                                .mapToObj(id -> chunk(id, 8192))
                                .collect(Collectors.toList()),
                        control);

        assertThat(queue.next()).hasSize(64);
        assertThat(queue.next()).hasSize(36);
    }

    @Test
    void givesNothingOnceTheLoadIsStopped() {
        ChunkQueue queue = new ChunkQueue(List.of(chunk(1, 0)), control);
        control.pause();
        control.stop();

        assertThat(queue.next()).isEmpty();
    }
}
