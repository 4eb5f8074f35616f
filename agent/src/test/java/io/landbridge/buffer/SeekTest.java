package io.landbridge.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.offsets.SourcePosition;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeekTest {

    @TempDir Path directory;

    @Test
    void waitsBeforeASegmentThatHoldsNothingYet() throws Exception {
        SourcePosition applied = RandomEvents.start();
        Path place = Segment.directoryOf(directory, 1);
        try (BufferState state = BufferState.open(directory.resolve("state"));
                Layouts layouts = Layouts.open(directory.resolve("layouts"), 0);
                SegmentWriter writer = SegmentWriter.create(place)) {
            Segments segments = new Segments(directory, state);
            segments.add(new Segment(place, 1, null, 0));
            Written written = new Written();
            try (ExcerptReader reader =
                    new ExcerptReader(
                            new SegmentSource(segments, layouts, written),
                            applied,
                            1,
                            closed -> {})) {
                new Seek(segments, written, applied).place(reader);
                assertThat(reader.poll()).isNull();
                assertThat(writer.used()).isZero();
            }
        }
    }
}
