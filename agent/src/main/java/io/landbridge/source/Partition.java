package io.landbridge.source;

import io.landbridge.change.TableId;

/**
 * A partition as the source's catalogue has it at one moment.
 *
 * @param table the partitioned table at the root, which is the one that moves
 * @param oid stays through a renaming
 * @param name the partition's own
 * @param content changes when the partition gets another file (TRUNCATE, VACUUM FULL, CLUSTER, some
 *     ALTER TABLE) or is attached again; changes of rows leave it as it is
 */
public record Partition(TableId table, long oid, TableId name, String content) {}
