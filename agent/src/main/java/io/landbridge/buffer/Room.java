package io.landbridge.buffer;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether there is room for one more step of a segment: below the bound, and on the disk. Belongs
 * to the appending thread; {@link #isFull} is for all.
 */
final class Room {

    private static final Logger LOG = LoggerFactory.getLogger(Room.class);

    private final BufferSettings settings;
    private final Segments segments;
    private boolean beyondBound;
    private boolean refused;
    private volatile boolean full;

    /** Takes room from the disk. */
    interface Taking {
        void take() throws IOException;
    }

    Room(BufferSettings settings, Segments segments) {
        this.settings = settings;
        this.segments = segments;
    }

    boolean isFull() {
        return full;
    }

    /** True when the next step may be taken; false, with one warning, when it must wait. */
    boolean isThere() {
        long bytes = segments.bytes();
        if (bytes + SegmentWriter.STEP > settings.maxBytes()) {
            if (segments.canShrink()) {
                return waits("the buffer has reached its bound of {} bytes", settings.maxBytes());
            }
            if (!beyondBound) {
                LOG.warn(
                        "one transaction takes more than the buffer's bound of {} bytes: going"
                                + " beyond it until the transaction ends",
                        settings.maxBytes());
            }
            beyondBound = true;
        } else {
            beyondBound = false;
        }
        if (refused || usable() < settings.reserveBytes() + SegmentWriter.STEP) {
            refused = false;
            return waits("the buffer's disk has only {} bytes left", usable());
        }
        return true;
    }

    private boolean waits(String why, long number) {
        if (!full) {
            LOG.warn("BUFFER_FULL: " + why + "; capture waits", number);
        }
        full = true;
        return false;
    }

    void waitEnded() {
        if (full) {
            LOG.info("the buffer has room again");
        }
        full = false;
    }

    /**
     * Takes room by {@code taking}.
     *
     * @return false when the disk turned out to be full: {@link #isThere} is then false once
     * @throws IOException when it refuses for another reason
     */
    boolean take(Taking taking) throws IOException {
        try {
            taking.take();
            return true;
        } catch (IOException e) {
            // Whether that was ENOSPC only the message would tell; the room that is left does too.
            if (usable() >= settings.reserveBytes() + 2L * SegmentWriter.STEP) {
                throw e;
            }
            refused = true;
            return false;
        }
    }

    private long usable() {
        return segments.directory().toFile().getUsableSpace();
    }
}
