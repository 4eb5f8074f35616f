package io.landbridge.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.change.SourceEvent;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is done to the files: every event as it was, or a fault; never fewer in silence. */
@Timeout(300)
class DamagedBufferTest {

    @TempDir static Path whole;

    @TempDir Path directory;

    private static List<SourceEvent> events;

    @BeforeAll
    static void write() throws Exception {
        events = RandomEvents.transactions(11, 1500);
        try (ChronicleBuffer buffer = open(whole)) {
            ChangeBufferContract.appendAll(buffer, events);
        }
        assertThat(Segment.list(whole)).hasSizeGreaterThan(3);
    }

    @Test
    void missingMiddleSegmentStopsTheStart() throws Exception {
        copyWhole();
        Path gone = segment(1);
        Segment.delete(gone);
        assertGap(segment(0).getFileName().toString());
    }

    @Test
    void missingOldestSegmentStopsTheStart() throws Exception {
        copyWhole();
        Segment.delete(segment(0));
        assertGap(directory.toString());
    }

    @Test
    void missingNewestSegmentStopsTheStart() throws Exception {
        copyWhole();
        Segment.delete(segment(Segment.list(directory).size() - 1));
        assertGap(directory.toString());
    }

    @Test
    void missingSegmentsStopTheStart() throws Exception {
        copyWhole();
        while (!Segment.list(directory).isEmpty()) {
            Segment.delete(segment(0));
        }
        assertGap(directory.toString());
    }

    @Test
    void missingQueueFileStopsTheStart() throws Exception {
        copyWhole();
        Files.delete(segment(1).resolve(Segment.QUEUE_FILE));
        assertGap(segment(1).getFileName().toString());
    }

    @Test
    void missingStateStopsTheStart() throws Exception {
        copyWhole();
        Files.delete(directory.resolve("state"));
        assertGap("state");
    }

    @Test
    void missingLayoutsStopTheStart() throws Exception {
        copyWhole();
        Files.delete(directory.resolve("layouts"));
        assertGap("layouts");
    }

    @Test
    void missingMetadataOfChronicleDoesNoHarm() throws Exception {
        copyWhole();
        Files.delete(segment(1).resolve(Segment.METADATA_FILE));
        assertThat(readAll()).isEqualTo(events);
    }

    @Test
    void truncatedFilesAreNoticed() throws Exception {
        Random random = new Random(12);
        for (int i = 0; i < 12; i++) {
            copyWhole();
            Path file = segment(random.nextInt(4)).resolve(Segment.QUEUE_FILE);
            try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
                access.setLength(random.nextLong(access.length()));
            }
            assertAllOrGap("truncated " + file);
        }
    }

    @Test
    void flippedBytesAreNoticed() throws Exception {
        Random random = new Random(13);
        for (int i = 0; i < 40; i++) {
            copyWhole();
            List<Path> files = files();
            Path file = files.get(random.nextInt(files.size()));
            try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
                if (access.length() == 0) {
                    continue;
                }
                // the beginnings of files hold more of structure than of data
                long at =
                        random.nextLong(
                                random.nextBoolean()
                                        ? access.length()
                                        : Math.min(access.length(), 1024));
                access.seek(at);
                int old = access.read();
                access.seek(at);
                access.write(old ^ 1 << random.nextInt(8));
                assertAllOrGap("byte " + at + " of " + file);
            }
        }
    }

    @Test
    void zeroedPagesAreNoticed() throws Exception {
        Random random = new Random(14);
        for (int i = 0; i < 12; i++) {
            copyWhole();
            Path file = segment(random.nextInt(4)).resolve(Segment.QUEUE_FILE);
            zeroPage(file, random.nextLong(Files.size(file) / 4096));
            assertAllOrGap("zeroed a page of " + file);
        }
    }

    @Test
    void whatWasNeverForcedMayBeTornByAPowerFailure() throws Exception {
        Random random = new Random(15);
        for (int i = 0; i < 12; i++) {
            List<SourceEvent> appended = new ArrayList<>();
            RandomEvents source = new RandomEvents(15);
            Path crashed = Files.createDirectory(directory.resolve("crashed " + i));
            Path running = Files.createDirectory(directory.resolve("running " + i));
            int forced;
            try (ChronicleBuffer buffer = open(running)) {
                appendSome(buffer, source, appended, 100);
                buffer.force();
                forced = appended.size();
                long used = Files.size(newest(running));
                appendSome(buffer, source, appended, 500);
                buffer.flush();
                copy(running, crashed);
                assertThat(used).isPositive();
            }
            Path torn = newest(crashed);
            long pages = Files.size(torn) / 4096;
            for (int k = 0; k < 20; k++) {
                zeroPage(torn, pages / 2 + random.nextLong(pages / 2));
            }
            List<SourceEvent> read;
            try (ChronicleBuffer buffer = open(crashed)) {
                buffer.flush();
                read = ChangeBufferContract.readAll(buffer, RandomEvents.start());
                buffer.append(new SourceEvent.Begin("1", buffer.last().orElseThrow()));
                buffer.flush();
                assertThat(ChangeBufferContract.readAll(buffer, buffer.last().orElseThrow()))
                        .isNotEmpty();
            }
            assertThat(read.size()).isGreaterThanOrEqualTo(forced);
            assertThat(read).isEqualTo(appended.subList(0, read.size()));
        }
    }

    private static void appendSome(
            ChronicleBuffer buffer, RandomEvents source, List<SourceEvent> appended, int count)
            throws InterruptedException {
        for (int i = 0; i < count; i++) {
            List<SourceEvent> transaction = source.transaction();
            ChangeBufferContract.appendAll(buffer, transaction);
            appended.addAll(transaction);
        }
    }

    private static Path newest(Path buffer) throws IOException {
        List<Long> firsts = Segment.list(buffer);
        return Segment.directoryOf(buffer, firsts.get(firsts.size() - 1))
                .resolve(Segment.QUEUE_FILE);
    }

    private static void zeroPage(Path file, long page) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(page * 4096);
            access.write(new byte[4096]);
        }
    }

    private void assertAllOrGap(String what) {
        List<SourceEvent> read;
        try {
            read = readAll();
        } catch (Fault fault) {
            assertThat(fault.code()).as(what).isEqualTo(FaultCode.BUFFER_GAP);
            return;
        }
        assertThat(read.equals(events)).as(what).isTrue();
    }

    private void assertGap(String names) {
        assertThatThrownBy(this::readAll)
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> {
                            assertThat(fault.code()).isEqualTo(FaultCode.BUFFER_GAP);
                            assertThat(fault.getMessage()).contains(names);
                            assertThat(fault.hint()).isNotEmpty();
                        });
    }

    private List<SourceEvent> readAll() {
        try (ChronicleBuffer buffer = open(directory)) {
            return ChangeBufferContract.readAll(buffer, RandomEvents.start());
        }
    }

    private Path segment(int number) throws IOException {
        return Segment.directoryOf(directory, Segment.list(directory).get(number));
    }

    private static ChronicleBuffer open(Path path) {
        return new ChronicleBuffer(
                path,
                BufferSettings.of(256L << 20, Duration.ofHours(1)).withSegmentBytes(2L << 20));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private void copyWhole() throws IOException {
        copy(whole, directory);
    }

    private static void copy(Path from, Path to) throws IOException {
        Segment.delete(to);
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path entry : tree.toList()) {
                Files.copy(entry, to.resolve(from.relativize(entry).toString()));
            }
        }
    }
}
