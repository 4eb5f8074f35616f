package io.landbridge.buffer;

import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.offsets.SourcePosition;
import java.util.Optional;

/**
 * What keeps the changes of streams between capture and apply. A line is one direction of one
 * migration; a stream is one run along it, from where it began in the source's log. A stream that
 * begins anew can therefore never read what an older one left. Thread-safe.
 */
public interface Transport extends AutoCloseable {

    Mode mode();

    /**
     * Opens the buffer of the stream along {@code line} that began at {@code start}, or makes it.
     *
     * @throws io.landbridge.fault.Fault when it can't be had; a passing one when that may change
     */
    ChangeBuffer open(String line, SourcePosition start);

    /**
     * Joins those who share the writing along {@code line}, at the first call; gives the same one
     * until it is closed.
     *
     * @param lanes how many there are to be dealt
     * @return empty when one agent writes what this transport carries
     */
    default Optional<Crew> crew(String line, int lanes) {
        return Optional.empty();
    }

    /** Removes what any stream along {@code line} left, and nothing else. */
    void remove(String line);

    /**
     * Looks whether buffers can be opened along {@code line}, without making one; takes seconds at
     * most.
     *
     * @throws io.landbridge.fault.Fault why not
     */
    void check(String line);

    @Override
    void close();
}
