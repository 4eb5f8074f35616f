package io.landbridge.cutover;

import io.landbridge.change.TableId;

/**
 * One table's part in what was shown behind the fence.
 *
 * @param applied changes of it since the stream was opened; all tables' together are held against
 *     what was captured
 * @param rowsCompared behind the fence; others were compared before, and not touched since
 * @param sourceHash sum of the compared rows' hashes where the writes came from; empty when none
 *     was compared
 * @param targetHash likewise, where they go
 */
public record TableProof(
        TableId table, long applied, long rowsCompared, String sourceHash, String targetHash) {}
