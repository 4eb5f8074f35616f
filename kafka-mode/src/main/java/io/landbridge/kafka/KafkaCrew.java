package io.landbridge.kafka;

import io.landbridge.buffer.Changes;
import io.landbridge.buffer.Crew;
import io.landbridge.fault.Fault;
import io.landbridge.offsets.SourcePosition;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer group deals the lanes: they are the partitions of a topic in which nothing is ever
 * written. A thread of its own keeps this agent's membership; while Kafka can't be reached it tries
 * again and again.
 */
final class KafkaCrew implements Crew {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaCrew.class);
    private static final Duration TURN = Duration.ofMillis(500);
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    private static final long REST_NANOS = 2_000_000_000L;
    private static final long CLOSE_MILLIS = 5_000;

    private final String me;
    private final Clients clients;
    private final Topics topics;
    private final String topic;
    private final int lanes;
    private final Function<SourcePosition, FollowedTopic> streams;
    private final Runnable onClose;
    private final AtomicLong deals = new AtomicLong();
    private final Thread thread;
    private volatile Hand hand = Hand.EMPTY;
    private volatile FollowedTopic followed;
    private volatile boolean closed;

    /** Guarded by this. */
    private Consumer<byte[], byte[]> member;

    /**
     * @param topic of the lanes; also the group's name
     * @param streams gives the changes of the stream that began somewhere
     * @param onClose told when this agent leaves
     */
    KafkaCrew(
            String me,
            Clients clients,
            Topics topics,
            String topic,
            int lanes,
            Function<SourcePosition, FollowedTopic> streams,
            Runnable onClose) {
        this.me = me;
        this.clients = clients;
        this.topics = topics;
        this.topic = topic;
        this.lanes = lanes;
        this.streams = streams;
        this.onClose = onClose;
        this.thread = new Thread(this::run, "landbridge-crew");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    @Override
    public String me() {
        return me;
    }

    @Override
    public Hand hand() {
        return hand;
    }

    @Override
    public long deals() {
        return deals.get();
    }

    @Override
    public OptionalLong lag() {
        FollowedTopic now = followed;
        return now == null ? OptionalLong.empty() : now.lag();
    }

    @Override
    public Changes changes(SourcePosition start) {
        followed = streams.apply(start);
        return followed;
    }

    private void run() {
        while (!closed) {
            try {
                topics.makeLanes(topic, lanes);
                belong();
            } catch (WakeupException e) {
                LOG.debug("woken to leave group {}", topic);
            } catch (KafkaException e) {
                LOG.warn("{}", KafkaFaults.of("membership of group " + topic, e).describe());
            } catch (Fault e) {
                LOG.warn("{}", e.describe());
            }
            hand = Hand.EMPTY;
            if (!closed) {
                LockSupport.parkNanos(REST_NANOS);
            }
        }
    }

    private void belong() {
        Consumer<byte[], byte[]> consumer = clients.member(topic, me);
        try {
            synchronized (this) {
                member = consumer;
            }
            consumer.subscribe(List.of(topic), new Deals(consumer));
            while (!closed) {
                consumer.poll(TURN);
            }
        } finally {
            synchronized (this) {
                member = null;
            }
            consumer.close(CloseOptions.timeout(FAREWELL));
        }
    }

    /** Keeps the hand; called on the crew's thread, from within {@code poll}. */
    private final class Deals implements ConsumerRebalanceListener {

        private final Consumer<byte[], byte[]> consumer;
        private final Set<Integer> held = new TreeSet<>();

        Deals(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> added) {
            consumer.pause(added);
            added.forEach(partition -> held.add(partition.partition()));
            deals.incrementAndGet();
            show();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> taken) {
            taken.forEach(partition -> held.remove(partition.partition()));
            show();
        }

        private void show() {
            hand = new Hand(consumer.groupMetadata().generationId(), held);
            LOG.info("{} has lanes {} by deal {}", me, held, hand.deal());
        }
    }

    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            if (member != null) {
                member.wakeup();
            }
        }
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        onClose.run();
    }
}
