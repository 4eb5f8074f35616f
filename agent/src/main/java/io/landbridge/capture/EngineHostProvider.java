package io.landbridge.capture;

import io.landbridge.config.Configuration;

/** A module that brings an {@link EngineHost}; found through {@link java.util.ServiceLoader}. */
public interface EngineHostProvider {

    /** Connects to nothing yet; what is opened ends with the sessions. */
    EngineHost open(Configuration config);
}
