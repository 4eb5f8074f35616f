package io.landbridge.kafka;

import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.buffer.Transport;
import io.landbridge.config.KafkaConfig;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.offsets.SourcePosition;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;

/** Buffers at Kafka: a topic of one partition for each stream. */
final class KafkaTransport implements Transport {

    private final Clients clients;
    private final long maxBytes;
    private final Admin admin;
    private final Topics topics;

    /**
     * @param maxBytes most bytes of one stream that wait at Kafka to be applied
     */
    KafkaTransport(Clients clients, KafkaConfig config, long maxBytes) {
        this.clients = clients;
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
        topics.remove(line);
    }

    @Override
    public void check(String line) {
        topics.checkMaking(line);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
