package io.landbridge.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * Section {@code kafka.connect}: how Kafka Connect is reached, and what its connectors are told.
 *
 * @param url its REST address; empty when not set
 * @param user for basic authentication; empty when not set
 * @param password for basic authentication
 * @param token for bearer authentication; an empty one when not set
 * @param trust a PEM file of the authorities that are believed; empty for those of the JVM
 * @param template a JSON file that replaces the connector's configuration as we ship it; empty when
 *     not set
 * @param properties of the connector, before ours; any of them may hold a secret
 */
public record ConnectConfig(
        String url,
        String user,
        Secret password,
        Secret token,
        Path trust,
        Path template,
        Map<String, Secret> properties) {

    public ConnectConfig {
        properties = Map.copyOf(properties);
    }
}
