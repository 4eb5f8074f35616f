package io.landbridge.capture;

import io.landbridge.config.TransportConfig.Mode;

/** Decides where Debezium runs for a stream. */
public interface EngineHosts {

    /** In this process, whatever carries the stream. */
    EngineHosts HERE = mode -> EngineHost.HERE;

    /**
     * The one for a stream that {@code mode} carries.
     *
     * @throws io.landbridge.fault.Fault when what brings it is not there
     */
    EngineHost of(Mode mode);
}
