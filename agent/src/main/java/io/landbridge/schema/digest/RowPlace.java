package io.landbridge.schema.digest;

/**
 * Where a row lies in a table without a key. Names nothing any more once the row is changed; while
 * the snapshot that it was read in is open, it names no other row.
 *
 * @param part OID of the table or partition
 * @param place {@code ctid}'s text
 */
public record RowPlace(long part, String place) {}
