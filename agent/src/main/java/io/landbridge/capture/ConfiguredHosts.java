package io.landbridge.capture;

import io.landbridge.config.Configuration;
import io.landbridge.config.KafkaConfig;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.util.ServiceLoader;

/** Where the configuration wants it to run. Thread-safe. */
public final class ConfiguredHosts implements EngineHosts {

    private volatile Configuration config;

    public ConfiguredHosts(Configuration config) {
        this.config = config;
    }

    /** Has the streams that are opened from now on follow {@code now}. */
    public void reconfigure(Configuration now) {
        config = now;
    }

    @Override
    public EngineHost of(Mode mode) {
        Configuration current = config;
        if (mode != Mode.KAFKA || current.kafka().capture() == KafkaConfig.Capture.AGENT) {
            return EngineHost.HERE;
        }
        return ServiceLoader.load(EngineHostProvider.class)
                .findFirst()
                .orElseThrow(
                        () ->
                                Fault.of(
                                                FaultCode.CONFIG_INVALID,
                                                "kafka.capture is connect, but the module for it is"
                                                        + " not on the class path")
                                        .hint("put landbridge-kafka-mode's jar into lib/"))
                .open(current);
    }
}
