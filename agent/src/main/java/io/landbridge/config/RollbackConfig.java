package io.landbridge.config;

/**
 * Section {@code rollback}.
 *
 * @param targetSnapshot whether what the target held is saved before the first change to it
 */
public record RollbackConfig(boolean targetSnapshot) {}
