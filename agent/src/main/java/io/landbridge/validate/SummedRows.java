package io.landbridge.validate;

import io.landbridge.schema.digest.Digest;
import io.landbridge.schema.digest.RowCursor;
import io.landbridge.schema.digest.RowDigest;
import java.util.Optional;

/** Sums up the rows that pass by. */
record SummedRows(RowCursor rows, Digest sum) implements RowCursor {

    @Override
    public Optional<RowDigest> next() {
        Optional<RowDigest> row = rows.next();
        row.map(RowDigest::rowHash).ifPresent(hash -> sum.add(1, hash));
        return row;
    }

    @Override
    public void close() {
        rows.close();
    }
}
