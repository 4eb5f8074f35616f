package io.landbridge.source;

import io.landbridge.offsets.Lsn;
import java.util.Optional;

/**
 * A replication slot at one moment.
 *
 * @param confirmed what was acknowledged: streaming goes on behind it
 * @param restart the oldest log the server keeps for it
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}; empty
 *     before PostgreSQL 13, where slots are never invalidated
 * @param activePid the walsender that streams from it now
 * @see <a href="https://www.postgresql.org/docs/17/view-pg-replication-slots.html">the view</a>
 */
public record Slot(
        Lsn confirmed, Lsn restart, Optional<String> walStatus, Optional<Integer> activePid) {}
