package io.landbridge.schema;

import io.landbridge.change.TableId;
import java.util.List;
import java.util.Set;

/**
 * A table that can move.
 *
 * @param id its name
 * @param columns in their order, generated ones included
 * @param key names of the columns that identify a row: those of the replica identity's index when
 *     one was chosen (the log then carries nothing else of a deleted row), else of the primary key,
 *     else of the unique index over NOT NULL columns with the fewest of them; an index that is
 *     partial, over expressions, deferrable or invalid does not count; empty when there is none
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

    /** What PostgreSQL's {@code pg_class.relreplident} comes to for this table. */
    public enum ReplicaIdentity {
        /** The primary key's columns. */
        DEFAULT,
        /** The columns of one unique index. */
        INDEX,
        /** All columns. */
        FULL,
        /**
         * Nothing, also where DEFAULT is set and no usable primary key stands: the source refuses
         * updates and deletes as soon as such a table is published.
         */
        NOTHING
    }

    public Table {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
    }

    public boolean hasKey() {
        return !key.isEmpty();
    }

    /** The same table as if it had none of {@code columns}, which are no part of its key. */
    public Table without(Set<String> names) {
        return names.isEmpty()
                ? this
                : new Table(
                        id,
                        columns.stream().filter(column -> !names.contains(column.name())).toList(),
                        key,
                        replicaIdentity,
                        unique,
                        partitioned,
                        estimatedRows,
                        bytes);
    }

    /** Columns that are written: all but the generated ones. */
    public List<Column> writtenColumns() {
        return columns.stream().filter(column -> !column.generated()).toList();
    }
}
