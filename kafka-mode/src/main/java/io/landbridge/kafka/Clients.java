package io.landbridge.kafka;

import io.landbridge.config.KafkaConfig;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes Kafka's clients. What {@code kafka.properties} says goes before our own choices, but not
 * before those on which the guarantees rest.
 */
final class Clients {

    /** A broker that restarts is back by then; what takes longer is told. */
    private static final String PATIENCE_MILLIS = "30000";

    private static final String REQUEST_MILLIS = "10000";

    private final KafkaConfig config;

    Clients(KafkaConfig config) {
        this.config = config;
    }

    Admin admin() {
        Properties properties =
                properties(
                        Map.of(
                                CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS,
                                CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_MILLIS));
        return made(() -> Admin.create(properties));
    }

    /**
     * A producer that nobody else with the same {@code transactionalId} can write beside.
     *
     * <p>The transaction's timeout is long: what ends a dead agent's transaction is the next
     * agent's start.
     */
    Producer<byte[], byte[]> producer(String transactionalId) {
        Properties properties =
                properties(
                        Map.of(
                                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                                config.compression().name().toLowerCase(Locale.ROOT),
                                ProducerConfig.LINGER_MS_CONFIG,
                                "0",
                                ProducerConfig.BATCH_SIZE_CONFIG,
                                String.valueOf(256 << 10),
                                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                                String.valueOf(2 << 20),
                                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                REQUEST_MILLIS,
                                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                PATIENCE_MILLIS,
                                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                PATIENCE_MILLIS,
                                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                                "600000"));
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        return made(
                () ->
                        new KafkaProducer<>(
                                properties, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /**
     * A consumer for whoever asks only for what is there: a longer wait would only stand in a
     * seek's way.
     */
    Consumer<byte[], byte[]> consumer() {
        return consumer("10");
    }

    /** A consumer that reads a topic on and on: it is answered when something comes. */
    Consumer<byte[], byte[]> follower() {
        return consumer("500");
    }

    /** A consumer that sees committed records only, and would rather fail than skip. */
    private Consumer<byte[], byte[]> consumer(String longestWaitMillis) {
        Properties properties =
                properties(
                        Map.of(
                                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                "64",
                                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                                longestWaitMillis,
                                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                REQUEST_MILLIS,
                                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                REQUEST_MILLIS));
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return made(
                () ->
                        new KafkaConsumer<>(
                                properties,
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer()));
    }

    /**
     * A member of a group that only deals out partitions: nothing is read by it.
     *
     * @param agent shown by the brokers' tools
     */
    Consumer<byte[], byte[]> member(String group, String agent) {
        Properties properties =
                properties(
                        Map.of(
                                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                                "6000",
                                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                                "1500",
                                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                REQUEST_MILLIS,
                                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                REQUEST_MILLIS));
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, agent);
        // The newer protocol leaves it to the brokers after how long a member is given up.
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        properties.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName());
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return made(
                () ->
                        new KafkaConsumer<>(
                                properties,
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer()));
    }

    private Properties properties(Map<String, String> ours) {
        Properties properties = new Properties();
        properties.putAll(ours);
        config.properties().forEach((key, value) -> properties.put(key, value.reveal()));
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        return properties;
    }

    /** Clients check their configuration when they are made. */
    private static <T> T made(java.util.function.Supplier<T> maker) {
        try {
            return maker.get();
        } catch (KafkaException e) {
            throw KafkaFaults.of("can't make a client for Kafka", e);
        }
    }
}
