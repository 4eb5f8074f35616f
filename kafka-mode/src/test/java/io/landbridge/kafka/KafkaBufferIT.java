package io.landbridge.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.buffer.ChangeBuffer;
import io.landbridge.buffer.ChangeBufferContract;
import io.landbridge.buffer.EventReader;
import io.landbridge.change.Change;
import io.landbridge.change.Operation;
import io.landbridge.change.RowImage;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.config.KafkaConfig;
import io.landbridge.config.Secret;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.Lsn;
import io.landbridge.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The buffer's contract, and what is particular to Kafka, on a real broker. */
class KafkaBufferIT extends ChangeBufferContract {

    private static final AtomicInteger TESTS = new AtomicInteger();

    /** So that tests need not wait half a minute for what a broker's end leads to. */
    private static final Map<String, Secret> IMPATIENT =
            Map.of(
                    "request.timeout.ms", secret("4000"),
                    "delivery.timeout.ms", secret("5000"),
                    "max.block.ms", secret("5000"));

    private static final long BOUND = 4L << 20;
    private static final TableLayout TABLE =
            new TableLayout(new TableId("public", "t"), List.of("id", "filler"), List.of(0));

    private final String prefix = "buffer-" + TESTS.incrementAndGet();
    private KafkaTransport transport;

    @BeforeEach
    void connect() {
        transport = transport(1L << 30);
    }

    @AfterEach
    void disconnect() {
        transport.remove("orders");
        transport.close();
    }

    @Override
    protected ChangeBuffer open() {
        return transport.open("orders", new Lsn(1));
    }

    private KafkaTransport transport(long maxBytes) {
        return transport(KafkaBroker.shared(), maxBytes);
    }

    private KafkaTransport transport(KafkaBroker broker, long maxBytes) {
        var config = KafkaBroker.config(prefix, broker.address(), IMPATIENT);
        return new KafkaTransport(new Clients(config), config, maxBytes, ConnectHost.POSTGRES);
    }

    @Test
    void aSecondOwnerFencesTheFirst() throws Exception {
        try (ChangeBuffer zombie = open()) {
            appendTransaction(zombie, 1, 1);
            assertThat(zombie.force()).contains(new Lsn(1));
            appendTransaction(zombie, 2, 1);
            try (ChangeBuffer owner = open()) {
                assertThatThrownBy(zombie::force)
                        .isInstanceOfSatisfying(
                                Fault.class,
                                fault -> {
                                    assertThat(fault.code()).isEqualTo(FaultCode.BUFFER_IO);
                                    assertThat(fault.getMessage()).contains("another agent");
                                });
                assertThatThrownBy(zombie::resume).isInstanceOf(Fault.class);
                assertThat(owner.last()).contains(new Lsn(1));
                appendTransaction(owner, 2, 3);
                assertThat(readAll(owner, new Lsn(0))).hasSize(3 + 5);
            }
        }
    }

    @Test
    void appendWaitsAtTheBoundUntilAppliedTransactionsAreTrimmed() throws Exception {
        try (KafkaTransport small = transport(BOUND);
                ChangeBuffer buffer = small.open("orders", new Lsn(1));
                EventReader reader = buffer.readAfter(new Lsn(0))) {
            CompletableFuture<Void> writer =
                    CompletableFuture.runAsync(
                            () -> {
                                try {
                                    for (int i = 1; i <= 100; i++) {
                                        appendTransaction(buffer, i, 100);
                                    }
                                    buffer.flush();
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            Await.until("append waits", Duration.ofMinutes(1), () -> buffer.status().full());
            assertThat(buffer.status().bytes()).isLessThanOrEqualTo(BOUND);
            for (int i = 1; i <= 100; ) {
                if (next(reader) instanceof SourceEvent.Commit commit) {
                    assertThat(commit.position()).isEqualTo(new Lsn(i++));
                    buffer.trimTo(commit.position());
                }
            }
            writer.join();
            assertThat(buffer.status().full()).isFalse();
            Await.until("records are deleted", Duration.ofMinutes(1), () -> begin() > 0);
            assertThatThrownBy(() -> buffer.readAfter(new Lsn(2)))
                    .isInstanceOfSatisfying(
                            Fault.class,
                            fault -> assertThat(fault.code()).isEqualTo(FaultCode.BUFFER_GAP));
        }
        try (ChangeBuffer again = open()) {
            assertThat(again.last()).contains(new Lsn(100));
            appendTransaction(again, 101, 1);
            assertThat(readAll(again, new Lsn(100))).hasSize(3);
        }
    }

    @Test
    void aTransactionAloneGoesBeyondTheBound() throws Exception {
        try (KafkaTransport small = transport(BOUND);
                ChangeBuffer buffer = small.open("orders", new Lsn(1))) {
            appendTransaction(buffer, 1, 10_000);
            assertThat(buffer.force()).contains(new Lsn(1));
            assertThat(buffer.status().bytes()).isGreaterThan(2 * BOUND);
            assertThat(readAll(buffer, new Lsn(0))).hasSize(10_002);
        }
    }

    /** The records are large, so that the search goes by Kafka's offsets. */
    @Test
    void findsEveryPositionAfterReopening() throws Exception {
        try (ChangeBuffer buffer = open()) {
            for (int i = 1; i <= 300; i++) {
                appendTransaction(buffer, i, 70);
                if (i % 3 == 0) {
                    buffer.flush();
                }
            }
        }
        try (ChangeBuffer buffer = open()) {
            for (int applied : new int[] {0, 1, 150, 222, 299}) {
                try (EventReader reader = buffer.readAfter(new Lsn(applied))) {
                    assertThat(next(reader)).isEqualTo(begin(applied + 1));
                }
            }
        }
    }

    @Test
    void aTopicThatIsGoneIsAGap() throws Exception {
        try (KafkaTransport other = transport(1L << 30);
                ChangeBuffer buffer = open()) {
            appendTransaction(buffer, 1, 1);
            assertThat(buffer.force()).isPresent();
            other.remove("orders");
            Await.until(
                    "appending fails",
                    Duration.ofMinutes(2),
                    () -> {
                        try {
                            appendTransaction(buffer, 2, 1);
                            var unused = buffer.force();
                            return false;
                        } catch (Fault e) {
                            return true;
                        }
                    });
            assertThatThrownBy(buffer::resume)
                    .isInstanceOfSatisfying(
                            Fault.class,
                            fault -> assertThat(fault.code()).isEqualTo(FaultCode.BUFFER_GAP));
        }
    }

    @Test
    void removesOurTopicsAndOnlyThose() {
        try (KafkaTransport other = transport(1L << 30)) {
            open().close();
            other.open("orders", new Lsn(7)).close();
            other.open("orders.back", new Lsn(7)).close();
            other.open("orders2", new Lsn(7)).close();
            transport.remove("orders");
            awaitTopics(prefix + ".orders.back.0-7", prefix + ".orders2.0-7");
            other.remove("orders.back");
            other.remove("orders2");
            awaitTopics();
        }
    }

    /** A broker hears of a topic's end a moment later. */
    private void awaitTopics(String... expected) {
        Await.until(
                "there are only " + List.of(expected),
                Duration.ofMinutes(1),
                () ->
                        KafkaBroker.shared().topics().stream()
                                .filter(name -> name.startsWith(prefix + "."))
                                .toList()
                                .equals(List.of(expected)));
    }

    @Test
    void logsInWithWhatThePropertiesSay() throws Exception {
        String jaas =
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\""
                        + " password=\"%s\";";
        Map<String, Secret> properties =
                Map.of(
                        "security.protocol", secret("SASL_PLAINTEXT"),
                        "sasl.mechanism", secret("SCRAM-SHA-512"),
                        "sasl.jaas.config",
                                secret(jaas.formatted(KafkaBroker.USER, KafkaBroker.PASSWORD)));
        var config = KafkaBroker.config(prefix, KafkaBroker.shared().secureAddress(), properties);
        assertCarries(config);
        var wrong =
                KafkaBroker.config(
                        prefix,
                        KafkaBroker.shared().secureAddress(),
                        Map.of(
                                "security.protocol", secret("SASL_PLAINTEXT"),
                                "sasl.mechanism", secret("SCRAM-SHA-512"),
                                "sasl.jaas.config",
                                        secret(jaas.formatted(KafkaBroker.USER, "no"))));
        assertRefused(wrong);
    }

    @Test
    void showsItsCertificateAndRefusesABrokerItDoesNotBelieve() throws Exception {
        Map<String, Secret> trusting =
                Map.of(
                        "security.protocol", secret("SSL"),
                        "ssl.truststore.type", secret("PEM"),
                        "ssl.truststore.location",
                                secret(Identity.shared().certificate().toString()));
        Map<String, Secret> shown = new HashMap<>(trusting);
        shown.put("ssl.keystore.type", secret("PKCS12"));
        shown.put("ssl.keystore.location", secret(Identity.shared().store().toString()));
        shown.put("ssl.keystore.password", secret(Identity.PASSWORD));
        String address = KafkaBroker.shared().mutualAddress();
        var config = KafkaBroker.config(prefix, address, shown);
        assertCarries(config);
        assertRefused(KafkaBroker.config(prefix, address, trusting));
        assertRefused(
                KafkaBroker.config(prefix, address, Map.of("security.protocol", secret("SSL"))));
    }

    private static void assertCarries(KafkaConfig config) throws InterruptedException {
        try (KafkaTransport transport =
                        new KafkaTransport(
                                new Clients(config), config, 1L << 30, ConnectHost.POSTGRES);
                ChangeBuffer buffer = transport.open("orders", new Lsn(1))) {
            appendTransaction(buffer, 1, 1);
            assertThat(readAll(buffer, new Lsn(0))).hasSize(3);
        }
    }

    private static void assertRefused(KafkaConfig config) {
        try (KafkaTransport refused =
                new KafkaTransport(new Clients(config), config, 1L << 30, ConnectHost.POSTGRES)) {
            assertThatThrownBy(() -> refused.check("line"))
                    .isInstanceOfSatisfying(
                            Fault.class,
                            fault -> {
                                assertThat(fault.code()).isEqualTo(FaultCode.KAFKA_REFUSED);
                                assertThat(fault.hint()).isNotEmpty();
                            });
        }
    }

    private static Secret secret(String text) {
        return new Secret(text);
    }

    /** What was forced is there, what failed is appended again from where the topic ends. */
    @Test
    void goesOnWhereTheTopicEndsWhenTheBrokerWasKilled() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start();
                KafkaTransport own = transport(broker, 1L << 30);
                ChangeBuffer buffer = own.open("orders", new Lsn(1));
                EventReader reader = buffer.readAfter(new Lsn(0))) {
            appendTransaction(buffer, 1, 10);
            assertThat(buffer.force()).contains(new Lsn(1));
            // A broker that is killed 0.2 s after it made the topic, before any reader was shown
            // the
            // commit, came back with the topic empty twice: BUFFER_GAP, see kafka.md.
            List<SourceEvent> commits = new ArrayList<>();
            readCommits(reader, commits, 1);
            broker.kill();
            appendTransaction(buffer, 2, 10);
            assertThatThrownBy(buffer::force)
                    .isInstanceOfSatisfying(
                            Fault.class,
                            fault ->
                                    assertThat(fault.code())
                                            .isEqualTo(FaultCode.KAFKA_UNREACHABLE));
            broker.restart();
            Lsn last = (Lsn) buffer.resume().orElseThrow();
            for (long end = last.value() + 1; end <= 4; end++) {
                appendTransaction(buffer, end, 10);
            }
            assertThat(buffer.force()).contains(new Lsn(4));
            readCommits(reader, commits, 4);
            assertThat(commits).containsExactly(commit(1), commit(2), commit(3), commit(4));
        }
    }

    private static void readCommits(EventReader reader, List<SourceEvent> commits, int upTo)
            throws InterruptedException {
        while (commits.size() < upTo) {
            if (next(reader) instanceof SourceEvent.Commit commit) {
                commits.add(commit);
            }
        }
    }

    private long begin() throws Exception {
        TopicPartition partition = new TopicPartition(prefix + ".orders.0-1", 0);
        try (Admin admin = new Clients(KafkaBroker.shared().config(prefix)).admin()) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        }
    }

    private static void appendTransaction(ChangeBuffer buffer, long end, int rows)
            throws InterruptedException {
        buffer.append(begin(end));
        for (int i = 0; i < rows; i++) {
            buffer.append(
                    new Change(
                            TABLE,
                            Operation.INSERT,
                            null,
                            RowImage.of(String.valueOf(i), "x".repeat(1000))));
        }
        buffer.append(commit(end));
    }

    private static SourceEvent begin(long end) {
        return new SourceEvent.Begin(String.valueOf(end), new Lsn(end - 1));
    }

    private static SourceEvent commit(long end) {
        return new SourceEvent.Commit(new Lsn(end), Instant.EPOCH, 0);
    }
}
