package io.landbridge.config;

/**
 * Section {@code kafka}: read when {@code transport.mode} is {@code kafka}.
 *
 * @param bootstrapServers {@code host:port,host:port}; empty when not set
 * @param topicPrefix what all topics of ours begin with
 * @param connectUrl Kafka Connect's REST address; empty when not set
 */
public record KafkaConfig(String bootstrapServers, String topicPrefix, String connectUrl) {}
