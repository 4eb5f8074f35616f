package io.landbridge.source;

import io.landbridge.offsets.SourcePosition;
import io.landbridge.schema.digest.FrozenTables;

/**
 * The source as of one place in its log: it shows every transaction that ends at or before {@code
 * position}, and none after it.
 *
 * @param position the end of everything that is seen
 * @param tables opens readers of that moment
 */
public record PositionedSnapshot(SourcePosition position, FrozenTables tables)
        implements AutoCloseable {

    @Override
    public void close() {
        tables.close();
    }
}
