package io.landbridge.schema.structure;

import io.landbridge.schema.Table;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Reads what tables are made of on one side. A source of another dialect gives what each thing
 * should be at the target, in PostgreSQL's spelling, of the aspects that it can tell.
 */
public interface StructureReader {

    /** What it tells of; the rest is not compared. */
    Set<Aspect> aspects();

    /**
     * All items of {@code tables}, in no particular order.
     *
     * @throws io.landbridge.fault.Fault those of the database
     */
    List<StructureItem> read(Collection<Table> tables);
}
