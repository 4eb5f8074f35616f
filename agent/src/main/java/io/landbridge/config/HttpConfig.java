package io.landbridge.config;

import java.time.Duration;

/**
 * Section {@code http}.
 *
 * @param bind address to listen on
 * @param port 0 takes any free one; -1 serves nothing
 * @param token what a request that changes something must bring as {@code Authorization: Bearer};
 *     when empty, such requests are taken on a loopback address only
 * @param readyMaxLag most lag at which {@code /health/ready} says yes
 */
public record HttpConfig(String bind, int port, Secret token, Duration readyMaxLag) {}
