package io.landbridge.phase;

import io.landbridge.config.Configuration;
import io.landbridge.cutover.CutoverJournal;
import io.landbridge.fault.Closing;
import io.landbridge.jdbc.Database;
import io.landbridge.offsets.ProgressStore;
import io.landbridge.schema.ReplicaIdentities;
import io.landbridge.schema.TargetSchema;
import io.landbridge.source.PostgresLog;
import io.landbridge.target.TableStates;
import java.time.Clock;

/**
 * What stands still for as long as the agent runs: both databases, and the stores at the target.
 *
 * @param log the source's log, publication and slot
 * @param progress how far the forward stream is applied
 * @param cutovers where attempts to move the traffic are written down
 */
public record Site(
        Configuration config,
        Database source,
        Database target,
        PostgresLog log,
        ProgressStore progress,
        TableStates states,
        CutoverJournal cutovers,
        Clock clock)
        implements AutoCloseable {

    /** What makes the target's schema; reads the source's catalogue. */
    TargetSchema targetSchema() {
        return new TargetSchema(
                migration(),
                source,
                target,
                config.schema(),
                config.tables(),
                config.load().workers());
    }

    ReplicaIdentities replicaIdentities() {
        return new ReplicaIdentities(migration(), source, target);
    }

    @Override
    public void close() {
        Closing.all(target, source);
    }

    String migration() {
        return config.migration().name();
    }
}
