package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.schema.digest.ComparedTable;
import java.util.Set;

/** Mends rows of stopped tables, which nobody writes, and notes those of others. */
final class Triage implements RowSink {

    private final Set<TableId> stopped;
    private final Mender mender;
    private final NotedRows noted;

    /**
     * @param mender taken over
     */
    Triage(Set<TableId> stopped, Mender mender, NotedRows noted) {
        this.stopped = Set.copyOf(stopped);
        this.mender = mender;
        this.noted = noted;
    }

    @Override
    public void differs(ComparedTable.Pair table, DifferingRow row) {
        if (stopped.contains(table.source().id())) {
            mender.differs(table, row);
        } else {
            noted.differs(table, row);
        }
    }

    @Override
    public void endOfPart() {
        mender.endOfPart();
    }

    @Override
    public void close() {
        mender.close();
    }
}
