package io.landbridge.buffer;

import io.landbridge.config.Configuration;
import io.landbridge.config.TransportConfig.Mode;

/** A module that brings a {@link Transport}; found through {@link java.util.ServiceLoader}. */
public interface TransportProvider {

    Mode mode();

    /** Connects to nothing yet. */
    Transport open(Configuration config);
}
