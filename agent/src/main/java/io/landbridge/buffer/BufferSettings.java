package io.landbridge.buffer;

import java.time.Duration;

/**
 * How the buffer cuts its stream.
 *
 * @param maxBytes most bytes of files, beyond which appending waits
 * @param segmentBytes about how large a segment's file grows
 * @param segmentAge how long a segment is written to at most
 * @param excerptBytes so many bytes of events are packed into one excerpt before it is written
 * @param pieceBytes an event larger than that is cut into pieces of this size
 * @param reserveBytes so much of the disk is left free for others
 */
record BufferSettings(
        long maxBytes,
        long segmentBytes,
        Duration segmentAge,
        int excerptBytes,
        int pieceBytes,
        long reserveBytes) {

    static final long LEAST_MAX_BYTES = 16L << 20;

    BufferSettings {
        if (maxBytes < LEAST_MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a buffer needs at least " + LEAST_MAX_BYTES + " bytes, not " + maxBytes);
        }
        if (excerptBytes + 2L * pieceBytes > Excerpt.MAX_BYTES) {
            throw new IllegalArgumentException("excerpts could grow too large for the queue");
        }
    }

    /** An eighth of the bound for each segment, so that trimming frees room in small steps. */
    static BufferSettings of(long maxBytes, Duration segmentAge) {
        return new BufferSettings(
                maxBytes,
                Math.max(2L << 20, Math.min(128L << 20, maxBytes / 8)),
                segmentAge,
                64 << 10,
                256 << 10,
                64L << 20);
    }

    BufferSettings withSegmentBytes(long bytes) {
        return new BufferSettings(
                maxBytes, bytes, segmentAge, excerptBytes, pieceBytes, reserveBytes);
    }
}
