package io.landbridge.buffer;

import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.offsets.SourcePosition;
import java.util.Optional;

/**
 * One direction of one migration, in whichever transport.
 *
 * @param name of the line: the same for every stream along it, different from all other lines
 */
public record Line(Transports transports, String name) {

    /** The buffer of the stream that began at {@code start}. */
    public ChangeBuffer open(Mode mode, SourcePosition start) {
        return transports.of(mode).open(name, start);
    }

    /** Those who share the writing along it, this agent among them; as {@link Transport#crew}. */
    public Optional<Crew> crew(Mode mode, int lanes) {
        return transports.of(mode).crew(name, lanes);
    }

    /**
     * Looks whether {@code mode} could carry a stream along it, without making one.
     *
     * @throws io.landbridge.fault.Fault why not
     */
    public void check(Mode mode) {
        transports.of(mode).check(name);
    }

    /** Removes what all its streams left in {@code mode}'s transport. */
    public void remove(Mode mode) {
        transports.of(mode).remove(name);
    }
}
