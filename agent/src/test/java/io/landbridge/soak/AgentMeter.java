package io.landbridge.soak;

import io.landbridge.testkit.AgentProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an agent needs of memory: its heap by its garbage collector's log, its resident set by the
 * kernel's high-water mark, read until it ends.
 */
final class AgentMeter implements AutoCloseable {

    private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\((\\d+)M\\)");
    private static final long PERIOD_MILLIS = 200;

    private final Thread watch;
    private volatile long residentKib;

    private AgentMeter(AgentProcess agent) {
        this.watch = new Thread(() -> watch(agent), "agent-meter");
        watch.setDaemon(true);
    }

    static AgentMeter of(AgentProcess agent) {
        AgentMeter meter = new AgentMeter(agent);
        meter.watch.start();
        return meter;
    }

    /** The most it had resident, in MiB. */
    long residentMib() {
        return residentKib >> 10;
    }

    /** The most that was in use after a collection, and just before one, in MiB. */
    record Heap(long afterCollection, long beforeCollection) {}

    /**
     * @param log what {@code -Xlog:gc} wrote
     */
    static Heap heap(Path log) {
        long after = 0;
        long before = 0;
        try (Stream<String> lines = Files.lines(log)) {
            for (String line : (Iterable<String>) lines::iterator) {
                Matcher collection = COLLECTION.matcher(line);
                if (collection.find()) {
                    before = Math.max(before, Long.parseLong(collection.group(1)));
                    after = Math.max(after, Long.parseLong(collection.group(2)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Heap(after, before);
    }

    private void watch(AgentProcess agent) {
        Path status = Path.of("/proc", String.valueOf(agent.pid()), "status");
        try {
            while (agent.isAlive() && !Thread.currentThread().isInterrupted()) {
                try (Stream<String> lines = Files.lines(status)) {
                    residentKib =
                            lines.filter(line -> line.startsWith("VmHWM:"))
                                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                                    .findFirst()
                                    .orElse(residentKib);
                } catch (IOException e) {
                    return; // It has ended meanwhile.
                }
                Thread.sleep(PERIOD_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
