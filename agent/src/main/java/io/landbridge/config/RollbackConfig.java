package io.landbridge.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Section {@code rollback}.
 *
 * @param targetSnapshot whether what the target held is saved before the first change to it
 * @param snapshotDirectory where it is saved
 * @param history how far back the target can be taken to what the source was; zero: changes are
 *     forgotten once they are applied
 */
public record RollbackConfig(boolean targetSnapshot, Path snapshotDirectory, Duration history) {}
