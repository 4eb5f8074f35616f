package io.landbridge.source;

import io.landbridge.offsets.Lsn;
import io.landbridge.schema.digest.FrozenDatabase;

/**
 * The source as of one place in its log: it shows every transaction that ends at or before {@code
 * position}, and none after it.
 *
 * @param position the end of everything that is seen
 * @param database opens readers of that moment
 */
public record PositionedSnapshot(Lsn position, FrozenDatabase database) implements AutoCloseable {

    @Override
    public void close() {
        database.close();
    }
}
