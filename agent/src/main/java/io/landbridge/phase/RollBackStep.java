package io.landbridge.phase;

import io.landbridge.cutover.TrafficDrivers;
import io.landbridge.load.LoadedRows;
import io.landbridge.schema.TargetSchema;
import io.landbridge.schema.TargetSnapshot.Contents;
import io.landbridge.target.Documents;
import io.landbridge.validate.SavedParts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes back what we made, before the switch or after the traffic went back: the fence, the slot
 * and the publication at the source first, since they are what harms; then what was created at the
 * target, unless the migration is aborted. The state goes last, so that a crash anywhere repeats
 * the step.
 */
final class RollBackStep {

    private static final Logger LOG = LoggerFactory.getLogger(RollBackStep.class);

    private final Workplace work;

    RollBackStep(Workplace work) {
        this.work = work;
    }

    Optional<Step> perform() throws InterruptedException {
        Site site = work.site;
        work.forth.letGo();
        work.closeStream();
        new WayBack(work).close();
        TrafficDrivers.forward(
                        site.config().cutover().traffic(),
                        site.migration(),
                        site.source().config(),
                        site.target().config())
                .forget();
        site.source().fence().lift();
        site.targetAsOrigin().fence().lift();
        work.forth.remove();
        site.source().restore();
        SnapshotStep snapshot = new SnapshotStep(work);
        Optional<Contents> restored = Optional.empty();
        // An abort leaves the rows that were copied; a rollback leaves nothing.
        if (!work.state().aborting()) {
            removeRows();
            work.schema().removeCreated();
            restored = snapshot.restore();
        }
        site.target().inTransaction("removing the migration's state", this::removeState);
        restored.ifPresent(snapshot::remove);
        work.journal().forget();
        work.journal().update(state -> state.end(Phase.ROLLED_BACK, site.clock().instant()));
        LOG.info("rolled back: source and target hold nothing of migration {}", site.migration());
        return Optional.empty();
    }

    /**
     * Tables that were there before us are as empty again as they were when they were planned. Rows
     * that cdc-only found there stay, as the stream has left them.
     */
    private void removeRows() {
        Site site = work.site;
        var emptied =
                LoadedRows.remove(
                        site.target(),
                        site.migration(),
                        TargetSchema.created(site.target(), site.migration()));
        if (!emptied.isEmpty()) {
            LOG.info("emptied again, as they were found: {}", emptied);
        }
    }

    private Void removeState(Connection connection) throws SQLException {
        Site site = work.site;
        site.progress().delete(connection);
        site.states().delete(connection);
        Documents.delete(connection, site.migration());
        SavedParts.delete(connection, site.migration());
        StateStore.delete(connection, site.migration());
        return null;
    }
}
