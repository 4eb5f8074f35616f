package io.landbridge.phase;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * Where on the agent's disk a migration's buffers lie: {@code DIRECTORY/NAME/START}, a directory
 * for every stream ever begun. A stream that begins anew can therefore never read what an older one
 * left.
 */
record StreamFiles(Path directory) {

    /** The directory of the stream that began at {@code start}. */
    Path startedAt(SourcePosition start) {
        return directory.resolve(start.text().replaceAll("[^A-Za-z0-9.]", "-"));
    }

    /** Removes the files of all streams but the one that began at {@code start}. */
    void removeAllBut(SourcePosition start) {
        remove(startedAt(start));
    }

    void removeAll() {
        remove(null);
    }

    private void remove(Path keep) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var all = Files.walk(directory)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                if (keep == null || !(path.startsWith(keep) || keep.startsWith(path))) {
                    Files.delete(path);
                }
            }
        } catch (IOException e) {
            throw Fault.of(FaultCode.BUFFER_IO, "can't remove the buffer's files", e)
                    .hint("look at " + directory);
        }
    }
}
