package io.landbridge.kafka;

import io.landbridge.buffer.Transport;
import io.landbridge.buffer.TransportProvider;
import io.landbridge.config.Configuration;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;

/** What the agent finds on its class path. */
public final class KafkaTransportProvider implements TransportProvider {

    @Override
    public Mode mode() {
        return Mode.KAFKA;
    }

    @Override
    public Transport open(Configuration config) {
        if (config.kafka().bootstrapServers().isEmpty()) {
            throw Fault.of(
                            FaultCode.CONFIG_INVALID,
                            "transport.mode is kafka, but kafka.bootstrap-servers is empty")
                    .hint("give it host:port,host:port");
        }
        return new KafkaTransport(
                new Clients(config.kafka()),
                config.kafka(),
                config.transport().maxBytes(),
                ConnectHost.type(config));
    }
}
