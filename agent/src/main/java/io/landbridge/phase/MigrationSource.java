package io.landbridge.phase;

import io.landbridge.assess.AssessmentReport;
import io.landbridge.change.TableId;
import io.landbridge.load.BulkLoad;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.SchemaTransfer;
import io.landbridge.schema.Table;
import io.landbridge.schema.digest.RowText;
import io.landbridge.source.PostgresPartitions;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The origin that a migration moves away from: what is asked of it before changes flow, too. */
interface MigrationSource extends Origin, AutoCloseable {

    /** Only looks, on both sides. */
    AssessmentReport assess();

    /**
     * All tables that the configuration selects, as they are now, under their names here; columns
     * have the names and types that the target gives them.
     */
    List<Table> tables();

    /** What makes the target's schema out of this one's. */
    SchemaTransfer schema();

    /**
     * Opens the log, anew: from the place that this gives on every change of {@code tables} can be
     * had, and every transaction before it is in all snapshots taken from now on.
     */
    SourcePosition openLog(List<Table> tables);

    /**
     * What copies {@code tables}.
     *
     * @param targets for each of them, by its name here, the table it goes to
     * @param whole those of which all rows must be of one moment
     */
    BulkLoad load(List<Table> tables, Map<TableId, Table> targets, Set<TableId> whole);

    /** The same database over connections that write through its fence, for the way back. */
    Receiver receiver();

    /** What rows are put into at the target, so that they can be compared with those here. */
    RowText words();

    /** The partitions of {@code tables} that change without a word in the log. */
    PostgresPartitions.Look partitions(List<Table> tables);

    /** Counts up when a table has got another shape by itself, so that it is to be read anew. */
    default long shapes() {
        return 0;
    }

    /** Gives back what was changed at it beside the log and the fence. */
    void restore();

    @Override
    void close();
}
