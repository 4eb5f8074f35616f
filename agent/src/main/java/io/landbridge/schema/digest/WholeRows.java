package io.landbridge.schema.digest;

import io.landbridge.change.RowImage;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Reads whole rows of one side inside one frozen snapshot, over one connection, from one thread. An
 * image has the compared columns in their order, each as the target's text form of it. No table
 * stays locked between two calls.
 *
 * <p>What the database refuses comes as a {@link io.landbridge.fault.Fault} that names the table.
 */
public interface WholeRows extends AutoCloseable {

    /**
     * The rows whose key equals one of {@code keys} by the database's own equality, which may find
     * a row under another spelling of its key.
     */
    List<RowImage> byKey(ComparedTable table, Collection<List<String>> keys);

    /** One row of each of these hashes, by hash; hashes that no row has are left out. */
    Map<String, RowImage> byHash(ComparedTable table, Collection<String> rowHashes);

    /** Where the rows of these hashes lie, by hash. */
    Map<String, List<RowPlace>> places(ComparedTable table, Collection<String> rowHashes);

    @Override
    void close();
}
