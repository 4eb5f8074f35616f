package io.landbridge.kafka;

import io.landbridge.config.KafkaConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.offsets.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our topics: {@code PREFIX.LINE.START}, one partition each, from which nothing goes but what we
 * delete.
 */
final class Topics {

    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
    private static final int LONGEST_START = 60;

    /** Somebody waits for the answer. */
    private static final int CHECK_MILLIS = 5_000;

    /** Other agents see within seconds that there is nothing to do any more. */
    private static final long LEAVING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long HEARSAY_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** A segment's file goes when every record in it was deleted: so they are small. */
    private static final String SEGMENT_BYTES = String.valueOf(64 << 20);

    private static final String RAW_MILLIS = String.valueOf(TimeUnit.HOURS.toMillis(6));
    private static final String RAW_BYTES = String.valueOf(2L << 30);

    private final Admin admin;
    private final KafkaConfig config;

    Topics(Admin admin, KafkaConfig config) {
        this.admin = admin;
        this.config = config;
    }

    /** The topic of the stream along {@code line} that began at {@code start}. */
    String name(String line, SourcePosition start) {
        String text = start.text().replaceAll("[^A-Za-z0-9]", "-");
        if (text.length() > LONGEST_START) {
            text = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
        }
        return config.topicPrefix() + "." + line + "." + text;
    }

    /** The topic that a connector writes the log along {@code line} to. */
    static String raw(KafkaConfig config, String line) {
        return config.topicPrefix() + "." + line + ".raw";
    }

    /**
     * Makes the topic that a connector writes to, unless it is there. It is a pipe: what nobody has
     * read for long goes by itself, and is had from the source again.
     */
    void makeRaw(String topic) {
        NewTopic raw = description(topic);
        raw.configs().put(TopicConfig.RETENTION_MS_CONFIG, RAW_MILLIS);
        raw.configs().put(TopicConfig.RETENTION_BYTES_CONFIG, RAW_BYTES);
        make(raw);
    }

    /** Makes the topic unless it is there. */
    void make(String topic) {
        make(description(topic));
    }

    private void make(NewTopic topic) {
        try {
            admin.createTopics(List.of(topic)).all().get();
            LOG.info("topic {} made", topic.name());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw KafkaFaults.of("can't make topic " + topic.name(), e);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The topic whose partitions are the lanes of {@code line}, and the group that has them. */
    String lanes(String line) {
        return config.topicPrefix() + "." + line + ".lanes";
    }

    /** Makes that topic with at least so many partitions. */
    void makeLanes(String topic, int lanes) {
        try {
            NewTopic description =
                    new NewTopic(topic, Optional.of(lanes), replicas())
                            .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1"));
            get(admin.createTopics(List.of(description)).all());
            LOG.info("topic {} made, with {} partitions", topic, lanes);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw KafkaFaults.of("can't make topic " + topic, e);
            }
            addLanes(topic, lanes);
        }
    }

    private void addLanes(String topic, int lanes) {
        if (describe(topic).partitions().size() >= lanes) {
            return;
        }
        try {
            get(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(lanes))).all());
        } catch (ExecutionException e) {
            throw KafkaFaults.of("can't give topic " + topic + " more partitions", e);
        }
    }

    /** Deletes the group that has the lanes of {@code line}, once everybody has left. */
    void removeGroup(String line) {
        String group = lanes(line);
        long deadline = System.nanoTime() + LEAVING_NANOS;
        while (true) {
            try {
                get(admin.deleteConsumerGroups(List.of(group)).all());
                LOG.info("group {} deleted", group);
                return;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof GroupIdNotFoundException) {
                    return;
                }
                boolean left = !(e.getCause() instanceof GroupNotEmptyException);
                if (left || System.nanoTime() - deadline > 0) {
                    LOG.warn("group {} stays: {}", group, e.getCause().toString());
                    return;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        }
    }

    /** Looks whether a topic along {@code line} could be made, as the brokers judge it. */
    void checkMaking(String line) {
        String topic = config.topicPrefix() + "." + line + ".check";
        try {
            get(
                    admin.createTopics(
                                    List.of(description(topic)),
                                    new CreateTopicsOptions()
                                            .validateOnly(true)
                                            .timeoutMs(CHECK_MILLIS))
                            .all());
        } catch (ExecutionException e) {
            throw KafkaFaults.of("can't make topics such as " + topic, e);
        }
    }

    private NewTopic description(String topic) {
        Map<String, String> settings = new HashMap<>();
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        settings.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
        settings.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
        settings.put(TopicConfig.SEGMENT_BYTES_CONFIG, SEGMENT_BYTES);
        settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(2 << 20));
        settings.put(TopicConfig.COMPRESSION_TYPE_CONFIG, "producer");
        settings.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        if (config.minInsyncReplicas() > 0) {
            settings.put(
                    TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                    String.valueOf(config.minInsyncReplicas()));
        }
        return new NewTopic(topic, Optional.of(1), replicas()).configs(settings);
    }

    private Optional<Short> replicas() {
        return config.replicationFactor() == 0
                ? Optional.empty()
                : Optional.of((short) config.replicationFactor());
    }

    /**
     * Looks whether the topic is as we make it.
     *
     * @throws Fault BUFFER_GAP when it is not there
     */
    void check(String topic) {
        TopicDescription found = describe(topic);
        if (found.partitions().size() != 1) {
            throw Fault.of(
                            FaultCode.KAFKA_REFUSED,
                            "topic "
                                    + topic
                                    + " has "
                                    + found.partitions().size()
                                    + " partitions, which would lose the source's order")
                    .hint("it is not of our making: choose another kafka.topic-prefix");
        }
    }

    /** A broker may hear of a topic a moment after it was made. */
    private TopicDescription describe(String topic) {
        long deadline = System.nanoTime() + HEARSAY_NANOS;
        while (true) {
            try {
                return get(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw KafkaFaults.of("can't look at topic " + topic, e);
                }
                if (System.nanoTime() - deadline > 0) {
                    throw gap("topic " + topic + " is gone");
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    /** Something that was in a topic is not there any more. */
    static Fault gap(String what) {
        return Fault.of(FaultCode.BUFFER_GAP, what)
                .hint(
                        "what is lost can't be had from the source again: begin anew with"
                                + " 'landbridge abort' and 'landbridge run'");
    }

    /** Deletes the topics of all streams along {@code line}. */
    void remove(String line) {
        Pattern ours =
                Pattern.compile(
                        Pattern.quote(config.topicPrefix() + "." + line + ".") + "[A-Za-z0-9-]+");
        try {
            List<String> found =
                    get(admin.listTopics().names()).stream()
                            .filter(name -> ours.matcher(name).matches())
                            .toList();
            if (!found.isEmpty()) {
                get(admin.deleteTopics(found).all());
                LOG.info("topics deleted: {}", found);
            }
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw KafkaFaults.of("can't delete the topics of " + line, e);
            }
        }
    }

    /** All topics that there are and that we may see. */
    Set<String> all() {
        try {
            return get(admin.listTopics().names());
        } catch (ExecutionException e) {
            throw KafkaFaults.of("can't list Kafka's topics", e);
        }
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static Fault interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return KafkaFaults.unreachable("interrupted while waiting for Kafka", e);
    }
}
