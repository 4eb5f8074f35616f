package io.landbridge.config;

/**
 * Section {@code load}.
 *
 * @param workers chunks copied at a time, 1 to 64; default 2
 * @param chunkRows rows a chunk should hold, about
 * @param throttleBytesPerSecond most bytes read from the source a second; 0: no limit
 * @param replaceRows whether rows that the target's tables hold may be removed for the load; needs
 *     a snapshot of them
 */
public record LoadConfig(
        int workers, long chunkRows, long throttleBytesPerSecond, boolean replaceRows) {

    /** Tables that hold rows are refused. */
    public LoadConfig(int workers, long chunkRows, long throttleBytesPerSecond) {
        this(workers, chunkRows, throttleBytesPerSecond, false);
    }
}
