package io.landbridge.capture.binlog;

import io.landbridge.change.TableId;
import io.landbridge.schema.mysql.MappedTable;
import java.util.List;
import java.util.Optional;

/** Decides whether a table that gets columns in mid-stream is followed on. */
public interface TableGrowth {

    /** Follows no table that is altered. */
    TableGrowth NONE =
            new TableGrowth() {
                @Override
                public boolean follows() {
                    return false;
                }

                @Override
                public Optional<MappedTable> added(TableId table, List<String> columns) {
                    return Optional.empty();
                }
            };

    /** Whether rows of before a growth are to be expected. */
    boolean follows();

    /**
     * Called when the log shows that {@code columns} were added behind the others, before any row
     * that has them; again after a restart.
     *
     * @return the table as it is now, once the target has its columns, too; empty when it can't be
     *     followed
     */
    Optional<MappedTable> added(TableId table, List<String> columns);
}
