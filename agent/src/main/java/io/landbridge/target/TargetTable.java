package io.landbridge.target;

import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import java.sql.Connection;
import java.util.Collection;

/** A table as it is written to, its columns by the names that changes give them. Immutable. */
public interface TargetTable {

    /** Its name at the destination. */
    TableId id();

    boolean has(String column);

    /**
     * The same table, for changes with values of columns that it lacks: these are passed over, as
     * those of generated columns are.
     */
    TargetTable passingOver(Collection<String> absent);

    /**
     * Whether two different keys can stand in each other's way: by a unique or exclusion constraint
     * that the key does not imply, or since two spellings of a key are equal. Such a table's rows
     * are written by one connection.
     */
    boolean rowsCollide(Collection<String> key);

    /**
     * What writes changes of {@code layout} through {@code connection}; every column of the layout
     * must be one of the table's.
     */
    RowWriter writer(Connection connection, TableLayout layout);
}
