package io.landbridge.kafka;

import io.landbridge.capture.ConnectorStatus;
import io.landbridge.capture.EngineHost;
import io.landbridge.capture.EventReceiver;
import io.landbridge.capture.LogSession;
import io.landbridge.capture.MessageReceiver;
import io.landbridge.capture.binlog.RawEventReader;
import io.landbridge.config.Configuration;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.KafkaConfig;
import io.landbridge.connect.SafePosition;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.BinlogPosition;
import io.landbridge.offsets.Lsn;
import io.landbridge.source.PostgresLog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Debezium as a connector at Kafka Connect: the stream along one line. */
final class ConnectHost implements EngineHost {

    static final String POSTGRES = "io.landbridge.connect.PostgresLogConnector";
    private static final String MYSQL = "io.landbridge.connect.MysqlLogConnector";

    /** A walsender reads for long without a word; who looks at it is the capture. */
    private static final Duration POSTGRES_SILENCE = Duration.ofDays(1);

    /** The server says that it lives every second; a worker has to be found first. */
    private static final Duration MYSQL_SILENCE = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(ConnectHost.class);

    private final Configuration config;
    private final Clients clients;
    private final Connector connector;
    private final String topic;
    private final ConnectorNews news = new ConnectorNews();

    ConnectHost(Configuration config) {
        this.config = config;
        this.clients = new Clients(config.kafka());
        String line = config.migration().name();
        this.topic = Topics.raw(config.kafka(), line);
        this.connector = connector(config.kafka(), line);
    }

    /** The connector along {@code line}, whether it is there or not. */
    static Connector connector(KafkaConfig config, String line) {
        return new Connector(
                new ConnectRest(config.connect()),
                config.topicPrefix() + "." + line,
                Topics.raw(config, line));
    }

    /** The class of the connector that {@code config}'s source needs. */
    static String type(Configuration config) {
        return config.source().kind() == DatabaseConfig.Kind.MYSQL ? MYSQL : POSTGRES;
    }

    @Override
    public Optional<ConnectorStatus> connector() {
        return Optional.of(news.status());
    }

    @Override
    public void quiet() {
        try {
            connector.stop();
            news.seen(connector.status());
        } catch (Fault e) {
            news.unseen(e);
            throw e;
        }
    }

    @Override
    public LogSession postgres(
            PostgresLog log, Map<String, String> engine, MessageReceiver receiver) {
        connector.checkPlugIn(POSTGRES);
        if (!log.carriesMessages()) {
            throw Fault.of(
                            FaultCode.CONFIG_INVALID,
                            "kafka.capture is connect, which needs PostgreSQL 14 or later")
                    .hint("set kafka.capture: agent");
        }
        return session(
                "postgresql", engine, message -> receive(log, receiver, message), POSTGRES_SILENCE);
    }

    private static void receive(PostgresLog log, MessageReceiver receiver, ByteBuffer message)
            throws InterruptedException {
        boolean commits = message.get(message.position()) == MessageReceiver.COMMIT;
        receiver.message(message);
        if (commits) {
            receiver.transactionEnd().ifPresent(safe -> tell(log, safe));
        }
    }

    /** By the log itself: nothing else of ours goes to the task. */
    private static void tell(PostgresLog log, Lsn safe) {
        try {
            log.emitMessage(SafePosition.PREFIX, SafePosition.text(log.name(), safe.value()));
        } catch (Fault e) {
            LOG.warn("the source is not told what it may forget: {}", e.describe());
        }
    }

    @Override
    public LogSession mysql(
            BinlogPosition start, Map<String, String> engine, EventReceiver receiver) {
        connector.checkPlugIn(MYSQL);
        Map<String, String> known = new HashMap<>(engine);
        known.put("landbridge.start.file", start.file());
        known.put("landbridge.start.offset", String.valueOf(start.offset()));
        return session("mysql", known, new RawEventReader(receiver)::message, MYSQL_SILENCE);
    }

    private LogSession session(
            String kind, Map<String, String> engine, RawReader.Sink sink, Duration silence) {
        UUID id = UUID.randomUUID();
        Map<String, String> known = new HashMap<>(engine);
        known.put("landbridge.session", id.toString());
        known.put(Connector.TOPIC, topic);
        known.put("compression", config.kafka().compression().name().toLowerCase(Locale.ROOT));
        Map<String, String> settings =
                new ConnectorTemplate(config.kafka().connect(), kind).fill(known);
        Admin admin = clients.admin();
        new Topics(admin, config.kafka()).makeRaw(topic);
        RawReader reader = new RawReader(clients.follower(), admin, topic, id);
        ConnectWatch watch = new ConnectWatch(connector, admin, topic, reader, news, silence);
        return new ConnectSession(connector, settings, reader, watch, sink);
    }
}
