package io.landbridge.source;

import io.landbridge.offsets.Lsn;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much log the source keeps for us, and how long that can go on.
 *
 * @param bytes from the oldest log kept for the slot to the source's current end
 * @param confirmed what we acknowledged
 * @param walStatus see {@link Slot}
 * @param safeBytesLeft log that can still be written before the slot is in danger; empty when
 *     {@code max_slot_wal_keep_size} sets no limit (then the disk is the limit, and SQL does not
 *     tell its size) or before PostgreSQL 13
 * @param walBytesPerSecond how fast the source writes log, since the sample before; 0 at first
 * @param growthBytesPerSecond how fast {@code bytes} grows; negative while it shrinks
 * @param untilLost when the slot is in danger if nothing is acknowledged from now on and the source
 *     goes on writing as it does; empty when that can't be known
 */
public record SlotRetention(
        long bytes,
        Lsn confirmed,
        Optional<String> walStatus,
        OptionalLong safeBytesLeft,
        double walBytesPerSecond,
        double growthBytesPerSecond,
        Optional<Duration> untilLost) {}
