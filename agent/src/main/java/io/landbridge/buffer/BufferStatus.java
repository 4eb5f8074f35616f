package io.landbridge.buffer;

/**
 * The buffer at one moment.
 *
 * @param events appended and not yet read by the applier, about
 * @param bytes its files' size on disk
 * @param maxBytes the bound at which appending waits
 * @param full whether appending waits right now
 */
public record BufferStatus(long events, long bytes, long maxBytes, boolean full) {}
