package io.landbridge.config;

/**
 * Section {@code load}.
 *
 * @param workers chunks copied at a time, 1 to 64; default 2
 * @param chunkRows rows a chunk should hold, about
 * @param throttleBytesPerSecond most bytes read from the source a second; 0: no limit
 */
public record LoadConfig(int workers, long chunkRows, long throttleBytesPerSecond) {}
