package io.landbridge.load;

import java.util.Optional;

/**
 * A chunk whose rows the target has taken.
 *
 * @param snapshot the source's snapshot that it was read under, where that must be known
 * @param rows how many
 * @param bytes of COPY data
 */
record CopiedChunk(Chunk chunk, Optional<String> snapshot, long rows, long bytes) {}
