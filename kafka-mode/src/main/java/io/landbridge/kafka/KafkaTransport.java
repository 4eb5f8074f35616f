package io.landbridge.kafka;

import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.buffer.Crew;
import io.landbridge.buffer.Transport;
import io.landbridge.config.KafkaConfig;
import io.landbridge.config.KafkaConfig.Capture;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.fault.Closing;
import io.landbridge.offsets.SourcePosition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;

/** Buffers at Kafka: a topic of one partition for each stream. */
final class KafkaTransport implements Transport {

    private final Clients clients;
    private final KafkaConfig config;
    private final String connectorType;
    private final long maxBytes;
    private final Admin admin;
    private final Topics topics;
    private final Map<String, Crew> crews = new HashMap<>();

    /** Host and process are for people, the rest makes it unique. */
    private final String me = name();

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

    private static String name() {
        String host = System.getenv().getOrDefault("HOSTNAME", "agent");
        return host
                + "-"
                + ProcessHandle.current().pid()
                + "-"
                + UUID.randomUUID().toString().substring(0, 8);
    }

    @Override
    public Mode mode() {
        return Mode.KAFKA;
    }

    @Override
    public ChangeBuffer open(String line, SourcePosition start) {
        String topic = topics.name(line, start);
        topics.make(topic);
        return KafkaBuffer.open(clients, admin, topics, topic, maxBytes, KafkaBuffer.AFTERGLOW);
    }

    /**
     * Those who share {@code line}; its topic and group are made by the crew's own thread, so that
     * Kafka need not answer now.
     */
    @Override
    public Optional<Crew> crew(String line, int lanes) {
        synchronized (crews) {
            return Optional.of(crews.computeIfAbsent(line, name -> join(name, lanes)));
        }
    }

    private Crew join(String line, int lanes) {
        return new KafkaCrew(
                me,
                clients,
                topics,
                topics.lanes(line),
                lanes,
                start -> new FollowedTopic(clients, topics.name(line, start)),
                () -> forget(line));
    }

    private void forget(String line) {
        synchronized (crews) {
            crews.remove(line);
        }
    }

    @Override
    public void remove(String line) {
        if (!config.connect().url().isEmpty()) {
            ConnectHost.connector(config, line).remove();
        }
        Crew crew;
        synchronized (crews) {
            crew = crews.get(line);
        }
        Closing.all(crew);
        topics.removeGroup(line);
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
        List<Crew> left;
        synchronized (crews) {
            left = List.copyOf(crews.values());
        }
        left.forEach(Crew::close);
        admin.close(Duration.ofSeconds(5));
    }
}
