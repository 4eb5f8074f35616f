package io.landbridge.config;

import java.nio.file.Path;

/**
 * Section {@code rollback}.
 *
 * @param targetSnapshot whether what the target held is saved before the first change to it
 * @param snapshotDirectory where it is saved
 */
public record RollbackConfig(boolean targetSnapshot, Path snapshotDirectory) {}
