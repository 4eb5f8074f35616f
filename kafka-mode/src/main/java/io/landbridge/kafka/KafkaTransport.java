package io.landbridge.kafka;

import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.buffer.Transport;
import io.landbridge.config.KafkaConfig;
import io.landbridge.config.KafkaConfig.Capture;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.offsets.SourcePosition;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;

/** Buffers at Kafka: a topic of one partition for each stream. */
final class KafkaTransport implements Transport {

    private final Clients clients;
    private final KafkaConfig config;
    private final String connectorType;
    private final long maxBytes;
    private final Admin admin;
    private final Topics topics;

    /**
     * @param maxBytes most bytes of one stream that wait at Kafka to be applied
     * @param connectorType the class of the connector that a source such as ours needs at Connect
     */
    KafkaTransport(Clients clients, KafkaConfig config, long maxBytes, String connectorType) {
        this.clients = clients;
        this.config = config;
        this.connectorType = connectorType;
        this.maxBytes = maxBytes;
        this.admin = clients.admin();
        this.topics = new Topics(admin, config);
    }

    @Override
    public Mode mode() {
        return Mode.KAFKA;
    }

    @Override
    public ChangeBuffer open(String line, SourcePosition start) {
        String topic = topics.name(line, start);
        topics.make(topic);
        return KafkaBuffer.open(clients, admin, topics, topic, maxBytes);
    }

    @Override
    public void remove(String line) {
        if (!config.connect().url().isEmpty()) {
            ConnectHost.connector(config, line).remove();
        }
        topics.remove(line);
    }

    @Override
    public void check(String line) {
        topics.checkMaking(line);
        if (config.capture() == Capture.CONNECT) {
            ConnectHost.connector(config, line).check(connectorType);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
