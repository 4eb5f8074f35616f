package io.landbridge.config;

/**
 * Section {@code http}.
 *
 * @param port 0 takes any free one; -1 serves nothing
 */
public record HttpConfig(String bind, int port) {}
