package io.landbridge;

import io.landbridge.config.Configuration;
import io.landbridge.fault.Closing;
import io.landbridge.observe.AgentServer;
import io.landbridge.observe.CloudWatch;
import io.landbridge.observe.Meters;
import io.landbridge.phase.MigrationControl;
import io.landbridge.phase.MigrationStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.Optional;

/**
 * What a migration shows itself through: its HTTP port, CloudWatch, an application's own registry
 * of metrics; each only where it is asked for.
 */
final class Edges implements AutoCloseable {

    private AgentServer server;
    private CloudWatch export;
    private Meters meters;

    /** Opens what the configuration asks for. */
    void serve(Configuration configuration, MigrationControl control) {
        if (configuration.http().port() >= 0) {
            server = AgentServer.start(configuration.http(), control, configuration.reports());
        }
        if (!configuration.metrics().cloudwatchNamespace().isEmpty()) {
            export = CloudWatch.start(configuration.metrics(), control);
        }
    }

    /** Shows the figures in {@code registry} from now on. */
    void show(MeterRegistry registry, MigrationControl control) {
        meters = Meters.of(control.status(), registry);
    }

    /** Figures of now. */
    void take(MigrationStatus status) {
        if (meters != null) {
            meters.take(status);
        }
    }

    Optional<URI> url() {
        return Optional.ofNullable(server).map(AgentServer::url);
    }

    @Override
    public void close() {
        Closing.all(meters, export, server);
    }
}
