package io.landbridge.cutover;

import java.util.Optional;

/**
 * Where attempts are written down, so that whoever comes after a crash knows what was begun. What
 * {@link #write} has returned from survives everything.
 */
public interface CutoverJournal {

    /** The newest attempt of any kind. */
    Optional<CutoverRecord> read();

    void write(CutoverRecord record);
}
