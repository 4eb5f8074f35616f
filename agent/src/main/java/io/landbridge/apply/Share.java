package io.landbridge.apply;

import java.util.List;
import java.util.Optional;

/**
 * What one lane does of a round.
 *
 * @param writes what it writes; may be nothing
 * @param stride how its progress moves with it; empty while the round's batch goes on
 */
record Share(Round round, List<TableWrite> writes, Optional<Stride> stride) {}
