package io.landbridge.kafka;

import io.landbridge.connect.PlugIn;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connector that reads the log along one line. It is ours when it writes to our topic; one of
 * the same name that doesn't is left alone, and refused. Thread-safe.
 */
final class Connector {

    /** The property that says where it writes to. */
    static final String TOPIC = "landbridge.topic";

    private static final Logger LOG = LoggerFactory.getLogger(Connector.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ConnectRest rest;
    private final String name;
    private final String topic;

    /**
     * @param name of the connector at Connect
     * @param topic that it writes to
     */
    Connector(ConnectRest rest, String name, String topic) {
        this.rest = rest;
        this.name = name;
        this.topic = topic;
    }

    String name() {
        return name;
    }

    /**
     * Looks whether Connect has our plug-in.
     *
     * @throws Fault CONNECT_REFUSED when it has none, or one that this agent doesn't understand
     */
    void checkPlugIn(String type) {
        String expected = PlugIn.PROTOCOL + "+";
        Optional<String> found = rest.pluginVersion(type);
        if (found.filter(version -> version.startsWith(expected)).isEmpty()) {
            throw Fault.of(
                            FaultCode.CONNECT_REFUSED,
                            "Kafka Connect has "
                                    + found.map(version -> "version " + version)
                                            .orElse("no plug-in")
                                    + " of Landbridge's connector "
                                    + type.substring(type.lastIndexOf('.') + 1))
                    .hint(
                            "put 00-landbridge-connect-plugin.jar of this agent's version into"
                                    + " Debezium's directory below plugin.path on every worker,"
                                    + " and restart the workers");
        }
    }

    /**
     * Looks whether it could be had, without making it.
     *
     * @throws Fault why not
     */
    void check(String type) {
        checkPlugIn(type);
        var unused = isOurs();
    }

    Optional<ConnectRest.Status> status() {
        return rest.status(name);
    }

    /** Ends its tasks and returns when they are gone. */
    void stop() {
        if (isOurs()) {
            rest.stop(name);
            awaitStop();
        }
    }

    private void awaitStop() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!status().map(ConnectRest.Status::isStopped).orElse(true)) {
            if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
                throw Fault.of(
                                FaultCode.CONNECT_UNREACHABLE,
                                "connector " + name + " does not stop")
                        .hint("see the workers' logs");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Whether there is one that is ours. */
    private boolean isOurs() {
        Optional<String> writesTo = rest.property(name, TOPIC);
        if (writesTo.isPresent() && !writesTo.get().equals(topic)) {
            throw Fault.of(
                            FaultCode.CONNECT_REFUSED,
                            "connector " + name + " is there and not ours: it writes elsewhere")
                    .hint("remove it, or choose another kafka.topic-prefix");
        }
        return writesTo.isPresent();
    }

    /** Has a stopped one, or a new one, run as {@code settings} say, and from nowhere else on. */
    void start(Map<String, String> settings) {
        if (isOurs()) {
            rest.configure(name, settings);
        } else {
            rest.create(name, settings);
            // Of one of that name, long ago.
            rest.forgetOffsets(name);
            LOG.info("connector {} made", name);
        }
        rest.resume(name);
    }

    void pause() {
        rest.pause(name);
    }

    void resume() {
        rest.resume(name);
    }

    /** Removes it, and what Connect remembers of it. */
    void remove() {
        if (isOurs()) {
            stop();
            rest.forgetOffsets(name);
            rest.delete(name);
            LOG.info("connector {} deleted", name);
        }
    }
}
