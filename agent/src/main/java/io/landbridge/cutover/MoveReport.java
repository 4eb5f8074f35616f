package io.landbridge.cutover;

import java.util.List;
import java.util.Optional;

/**
 * What is left of an attempt to move the traffic, for whoever asks later. Names are part of its
 * JSON form: add, never rename.
 *
 * @param migration its name
 * @param from where the writes came from, without a password
 * @param to where they went, or were to go
 * @param attempt every step: state, duration, what it found and did
 * @param clients what the probe felt; empty without one, and when the agent was started anew in the
 *     middle
 * @param tables what was shown of each behind the fence; empty when it did not come so far, or the
 *     agent was started anew since
 */
public record MoveReport(
        String migration,
        String from,
        String to,
        CutoverRecord attempt,
        Optional<ClientPause> clients,
        List<TableProof> tables) {

    public MoveReport {
        tables = List.copyOf(tables);
    }
}
