package io.landbridge.config;

import java.time.Duration;

/**
 * Section {@code apply}.
 *
 * @param workers target connections that write at a time, 1 to 64; default 2
 * @param batchRows most changes in one batch; default 5000
 * @param batchInterval how long a batch that isn't full waits for more; default 10 ms, 0 is allowed
 */
public record ApplyConfig(int workers, int batchRows, Duration batchInterval) {}
