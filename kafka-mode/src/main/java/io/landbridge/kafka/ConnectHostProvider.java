package io.landbridge.kafka;

import io.landbridge.capture.EngineHost;
import io.landbridge.capture.EngineHostProvider;
import io.landbridge.config.Configuration;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;

/** What the agent finds on its class path. */
public final class ConnectHostProvider implements EngineHostProvider {

    @Override
    public EngineHost open(Configuration config) {
        if (config.kafka().connect().url().isEmpty()) {
            throw Fault.of(
                            FaultCode.CONFIG_INVALID,
                            "kafka.capture is connect, but kafka.connect-url is empty")
                    .hint("give it http://HOST:8083");
        }
        return new ConnectHost(config);
    }
}
