package io.landbridge.schema.digest;

import java.util.Optional;

/** Rows in the order of their key hashes, one at a time. */
public interface RowCursor extends AutoCloseable {

    Optional<RowDigest> next();

    @Override
    void close();
}
