/**
 * How a table's rows are told apart without moving them: counts, hashes and keys, computed inside a
 * database in one frozen snapshot. Both sides are read by the same statements, so that equal rows
 * give equal hashes.
 */
package io.landbridge.schema.digest;
