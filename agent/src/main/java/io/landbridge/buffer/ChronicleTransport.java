package io.landbridge.buffer;

import io.landbridge.config.TransportConfig;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Buffers on the agent's disk: {@code transport.directory/LINE/START}. */
final class ChronicleTransport implements Transport {

    private final TransportConfig config;

    ChronicleTransport(TransportConfig config) {
        this.config = config;
    }

    @Override
    public Mode mode() {
        return Mode.CHRONICLE;
    }

    @Override
    public ChangeBuffer open(String line, SourcePosition start) {
        Path directory =
                config.directory()
                        .resolve(line)
                        .resolve(start.text().replaceAll("[^A-Za-z0-9.]", "-"));
        return new ChronicleBuffer(directory, config.maxBytes(), config.rollCycle());
    }

    @Override
    public void remove(String line) {
        Path directory = config.directory().resolve(line);
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw Fault.of(FaultCode.BUFFER_IO, "can't remove the buffer's files", e)
                    .hint("look at " + directory);
        }
    }

    @Override
    public void check(String line) {
        try {
            Files.createDirectories(config.directory());
        } catch (IOException e) {
            throw unusable(e);
        }
        if (!Files.isWritable(config.directory())) {
            throw unusable(null);
        }
    }

    private Fault unusable(IOException cause) {
        return Fault.of(FaultCode.BUFFER_IO, "can't write to " + config.directory(), cause)
                .hint("give the agent a directory of its own in transport.directory");
    }

    @Override
    public void close() {
        // Buffers are closed by whoever opened them.
    }
}
