package io.landbridge.schema;

import io.landbridge.change.TableId;
import java.util.List;

/**
 * A table that can move.
 *
 * @param id its name
 * @param columns in their order, generated ones included
 * @param key names of the columns that identify a row: those of the primary key, else of the
 *     replica identity's index, else of the first unique index over NOT NULL columns that is
 *     neither partial, nor over expressions, nor deferrable; empty when there is none
 * @param replicaIdentity what the source's log carries of a row before its change
 * @param unique whether a unique or exclusion constraint beside the key exists: two rows can then
 *     stand in each other's way
 * @param partitioned whether rows live in partitions below it; partitions themselves are not listed
 * @param estimatedRows from statistics; 0 when unknown
 * @param bytes size on disk with TOAST, without indexes
 */
public record Table(
        TableId id,
        List<Column> columns,
        List<String> key,
        ReplicaIdentity replicaIdentity,
        boolean unique,
        boolean partitioned,
        long estimatedRows,
        long bytes) {

    /** PostgreSQL's {@code pg_class.relreplident}. */
    public enum ReplicaIdentity {
        DEFAULT,
        INDEX,
        FULL,
        NOTHING
    }

    public Table {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    public boolean hasKey() {
        return !key.isEmpty();
    }

    /** Columns that are written: all but the generated ones. */
    public List<Column> writtenColumns() {
        return columns.stream().filter(column -> !column.generated()).toList();
    }
}
