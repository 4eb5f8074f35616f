package io.landbridge.source;

import io.landbridge.offsets.SourcePosition;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much log a server keeps that we still need, and how long that can go on.
 *
 * @param bytes from the oldest log that we need to the server's current end
 * @param confirmed what we acknowledged
 * @param walStatus see {@link Slot}; empty where there is none
 * @param safeBytesLeft log that can still be written before the slot is in danger; empty when
 *     {@code max_slot_wal_keep_size} sets no limit (then the disk is the limit, and SQL does not
 *     tell its size) or before PostgreSQL 13, and where a server keeps its log for a time
 * @param walBytesPerSecond how fast the source writes log, since the sample before; 0 at first
 * @param growthBytesPerSecond how fast {@code bytes} grows; negative while it shrinks
 * @param untilLost when the slot is in danger if nothing is acknowledged from now on and the source
 *     goes on writing as it does; empty when that can't be known
 */
public record LogRetention(
        long bytes,
        SourcePosition confirmed,
        Optional<String> walStatus,
        OptionalLong safeBytesLeft,
        double walBytesPerSecond,
        double growthBytesPerSecond,
        Optional<Duration> untilLost) {}
