package io.landbridge.schema.digest;

import java.util.List;

/**
 * One row, told apart by hashes.
 *
 * @param keyHash of its key, or of the whole row in a table without one; 32 hexadecimal digits
 * @param rowHash of the whole row
 * @param key its key columns' texts; empty in a table without a key
 */
public record RowDigest(String keyHash, String rowHash, List<String> key) {}
