package io.landbridge.buffer;

import io.landbridge.config.Configuration;
import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.fault.Closing;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** The transports by their mode, each made at its first use. Thread-safe. */
public final class Transports implements AutoCloseable {

    /** Guarded by this. */
    private Configuration config;

    private final Map<Mode, Transport> open = new EnumMap<>(Mode.class);

    public Transports(Configuration config) {
        this.config = config;
    }

    /**
     * The one for {@code mode}.
     *
     * @throws Fault CONFIG_INVALID when the module that brings it is not there
     */
    public synchronized Transport of(Mode mode) {
        return open.computeIfAbsent(mode, this::make);
    }

    /**
     * Has transports follow {@code now} from their next use on, but for the one of {@code inUse},
     * which stays as it is.
     */
    public synchronized void reconfigure(Configuration now, Mode inUse) {
        config = now;
        List<Mode> idle = open.keySet().stream().filter(mode -> mode != inUse).toList();
        Closing.all(idle.stream().map(open::remove).toArray(AutoCloseable[]::new));
    }

    private Transport make(Mode mode) {
        if (mode == Mode.CHRONICLE) {
            return new ChronicleTransport(config.transport());
        }
        return ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.mode() == mode)
                .findFirst()
                .orElseThrow(
                        () ->
                                Fault.of(
                                                FaultCode.CONFIG_INVALID,
                                                "transport.mode is kafka, but the module for it"
                                                        + " is not on the class path")
                                        .hint(
                                                "put landbridge-kafka-mode's jar into lib/, or set"
                                                        + " transport.mode: chronicle"))
                .open(config);
    }

    @Override
    public synchronized void close() {
        Closing.all(open.values().toArray(AutoCloseable[]::new));
        open.clear();
    }
}
