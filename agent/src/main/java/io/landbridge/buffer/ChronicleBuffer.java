package io.landbridge.buffer;

import io.landbridge.change.SourceEvent;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.openhft.chronicle.queue.RollCycles;

/**
 * The change buffer on Chronicle queues: {@code agent/docs/buffer.md} shows its files.
 *
 * <p>Always holds: excerpts are numbered without a hole; each carries a checksum; a segment goes
 * only when every transaction with a part in it is applied and every reader is past it.
 *
 * <p>Bounded: at {@code maxBytes} of files, or when the disk is about to be full, {@link #append}
 * waits until {@link #trimTo} makes room. One exception: a transaction whose beginning stands in
 * the oldest segment can only be applied when its end comes, so it is let through, with a warning,
 * as long as the disk has room.
 */
public final class ChronicleBuffer implements ChangeBuffer {

    static final String STATE_FILE = "state";
    private static final String LOCK_FILE = "lock";
    private static final String LAYOUTS_FILE = "layouts";

    static {
        // Chronicle reports usage to its maker and watches disks from a thread of its own.
        System.setProperty("chronicle.analytics.disable", "true");
        System.setProperty("chronicle.disk.monitor.disable", "true");
    }

    private final Path directory;
    private final FileChannel lockFile;
    private final BufferState state;
    private final Layouts layouts;
    private final Segments segments;
    private final Written written = new Written();
    private final Appender appender;
    private final Set<ExcerptReader> readers = ConcurrentHashMap.newKeySet();

    /** Held while segments go and while a reader is put into place. */
    private final Object trimming = new Object();

    /**
     * Opens the buffer, or makes it.
     *
     * @param directory made when absent; owned by one process at a time
     * @param maxBytes most bytes of files; at least 16 MiB
     * @param rollCycle Chronicle's name for how long one file is written to at most, such as {@code
     *     FAST_HOURLY}; files also end when they are large enough
     * @throws Fault CONFIG_INVALID, BUFFER_IO when another process has the directory or the disk
     *     refuses, BUFFER_GAP when files are missing or damaged
     */
    public ChronicleBuffer(Path directory, long maxBytes, String rollCycle) {
        this(directory, settings(maxBytes, rollCycle));
    }

    ChronicleBuffer(Path directory, BufferSettings settings) {
        this.directory = directory;
        FileChannel lock = null;
        BufferState openedState = null;
        Layouts openedLayouts = null;
        try {
            Files.createDirectories(directory);
            lock = lock(directory);
            openedState = BufferState.open(directory.resolve(STATE_FILE));
            openedLayouts = Layouts.open(directory.resolve(LAYOUTS_FILE), openedState.layouts());
            segments = new Segments(directory, openedState);
            ExcerptTail tail =
                    new Recovery(directory, openedState, openedLayouts).recover(segments);
            appender = new Appender(settings, segments, openedState, openedLayouts, written, tail);
        } catch (IOException e) {
            closeAll(e, openedLayouts, openedState, lock);
            throw io("cannot open the buffer in " + directory, e);
        } catch (RuntimeException e) {
            closeAll(e, openedLayouts, openedState, lock);
            throw e;
        }
        lockFile = lock;
        state = openedState;
        layouts = openedLayouts;
    }

    private static BufferSettings settings(long maxBytes, String rollCycle) {
        RollCycles cycle =
                Arrays.stream(RollCycles.values())
                        .filter(each -> each.name().equals(rollCycle))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        Fault.of(
                                                        FaultCode.CONFIG_INVALID,
                                                        "transport.roll-cycle '"
                                                                + rollCycle
                                                                + "' is unknown")
                                                .hint(
                                                        "use one of "
                                                                + Arrays.toString(
                                                                        RollCycles.values())));
        if (maxBytes < BufferSettings.LEAST_MAX_BYTES) {
            throw Fault.of(
                            FaultCode.CONFIG_INVALID,
                            "transport.max-size is " + maxBytes + ": too small for a buffer")
                    .hint("give it at least " + BufferSettings.LEAST_MAX_BYTES + " bytes");
        }
        return BufferSettings.of(maxBytes, Duration.ofMillis(cycle.lengthInMillis()));
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve(LOCK_FILE),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw Fault.of(FaultCode.BUFFER_IO, "another agent uses the buffer in " + directory)
                    .hint("stop it, or give this one its own transport.directory");
        }
        return channel;
    }

    static Fault io(String what, Throwable cause) {
        return Fault.of(FaultCode.BUFFER_IO, what + ": " + cause.getMessage(), cause)
                .hint("check the disk of the buffer's directory: space, rights, health");
    }

    @Override
    public void append(SourceEvent event) throws InterruptedException {
        appender.append(event);
    }

    @Override
    public void flush() {
        appender.flush();
    }

    @Override
    public Optional<SourcePosition> force() {
        return appender.force();
    }

    @Override
    public Optional<SourcePosition> last() {
        return appender.last();
    }

    @Override
    public EventReader readAfter(SourcePosition applied) {
        synchronized (trimming) {
            ExcerptReader reader =
                    new ExcerptReader(
                            new SegmentSource(segments, layouts, written),
                            applied,
                            written.sequence() + 1,
                            readers::remove);
            try {
                new Seek(segments, written, applied).place(reader);
            } catch (RuntimeException e) {
                reader.close();
                throw e;
            }
            readers.add(reader);
            return reader;
        }
    }

    @Override
    public Optional<EventReader> readHeld() {
        synchronized (trimming) {
            Optional<SourcePosition> last = last();
            if (segments.isEmpty() || last.isEmpty()) {
                return Optional.empty();
            }
            long end = written.sequence();
            ExcerptReader reader =
                    new ExcerptReader(
                            new SegmentSource(segments, layouts, written),
                            last.get(),
                            end + 1,
                            readers::remove);
            try {
                reader.goToOldest(segments.oldest().first(), end);
            } catch (RuntimeException e) {
                reader.close();
                throw e;
            }
            readers.add(reader);
            return Optional.of(reader);
        }
    }

    @Override
    public void trimTo(SourcePosition applied) {
        synchronized (trimming) {
            long neededFrom = Long.MAX_VALUE;
            for (ExcerptReader reader : readers) {
                neededFrom = Math.min(neededFrom, reader.neededFrom());
            }
            try {
                if (!segments.trim(applied, neededFrom)) {
                    return;
                }
            } catch (IOException e) {
                throw io("cannot delete applied segments in " + directory, e);
            }
        }
        appender.roomWasMade();
    }

    @Override
    public BufferStatus status() {
        long read = written.events();
        if (readers.isEmpty()) {
            read = 0;
        }
        for (ExcerptReader reader : readers) {
            read = Math.min(read, reader.events());
        }
        return new BufferStatus(
                written.events() - read, segments.bytes(), appender.maxBytes(), appender.isFull());
    }

    @Override
    public void close() {
        closeAll(null, appender, layouts, state, lockFile);
    }

    /** Closes all, in that order; a failure is kept with {@code cause} or thrown at the end. */
    private void closeAll(Exception cause, AutoCloseable... open) {
        Exception first = cause;
        for (AutoCloseable each : open) {
            try {
                if (each != null) {
                    each.close();
                }
            } catch (Exception e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (cause == null && first != null) {
            throw io("cannot close the buffer in " + directory, first);
        }
    }
}
