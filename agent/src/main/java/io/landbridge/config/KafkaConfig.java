package io.landbridge.config;

import java.util.Map;

/**
 * Section {@code kafka}: read when {@code transport.mode} is {@code kafka}.
 *
 * @param bootstrapServers {@code host:port,host:port}; empty when not set
 * @param topicPrefix what all topics of ours begin with
 * @param capture who reads the source's log
 * @param replicationFactor of our topics; 0 for the brokers' own default
 * @param minInsyncReplicas of our topics; 0 for the brokers' own default
 * @param compression as Kafka's producer calls it
 * @param connect where Kafka Connect is, and what its connectors are told
 * @param properties for Kafka's clients, as Kafka calls them: how to log in, what to trust; any of
 *     them may hold a secret
 */
public record KafkaConfig(
        String bootstrapServers,
        String topicPrefix,
        Capture capture,
        int replicationFactor,
        int minInsyncReplicas,
        Compression compression,
        ConnectConfig connect,
        Map<String, Secret> properties) {

    public KafkaConfig {
        properties = Map.copyOf(properties);
    }

    /** Who reads the source's log in this mode. */
    public enum Capture {
        /** This process, as in chronicle mode. */
        AGENT,
        /** A connector at Kafka Connect. */
        CONNECT
    }

    /** How the producer packs batches of records. */
    public enum Compression {
        NONE,
        LZ4,
        ZSTD,
        SNAPPY,
        GZIP
    }
}
