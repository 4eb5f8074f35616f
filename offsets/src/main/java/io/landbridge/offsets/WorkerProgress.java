package io.landbridge.offsets;

/**
 * How far one worker is.
 *
 * @param worker its number, from 0
 * @param workers how many dealt with the stream when this was written: keys are dealt by it
 * @param position everything up to here is applied by this worker
 * @param transactions source transactions counted by this worker since the stream's start
 * @param changes changes written by this worker since the stream's start
 */
public record WorkerProgress(
        int worker, int workers, SourcePosition position, long transactions, long changes) {}
