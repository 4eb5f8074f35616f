package io.landbridge.apply;

import java.util.HashSet;
import java.util.Set;

/**
 * A PostgreSQL snapshot: which transactions a copy of a table has seen.
 *
 * @param oldest every transaction below it had ended
 * @param next no transaction from it on had begun
 * @param running those between that had not ended
 * @see <a href="https://www.postgresql.org/docs/17/functions-info.html">pg_snapshot</a>
 */
record Visibility(long oldest, long next, Set<Long> running) implements CopyMoment {

    private static final long EPOCH = 1L << 32;

    Visibility {
        running = Set.copyOf(running);
    }

    /** Reads {@code xmin:xmax:xip,...}, 64-bit ids in decimal. */
    static Visibility parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a snapshot: '" + text + "'");
        }
        Set<Long> running = new HashSet<>();
        for (String id : parts[2].split(",", -1)) {
            if (!id.isEmpty()) {
                running.add(Long.parseLong(id));
            }
        }
        return new Visibility(Long.parseLong(parts[0]), Long.parseLong(parts[1]), running);
    }

    /**
     * Whether the snapshot saw what {@code transaction} did. The log gives an id's lower 32 bits
     * only; what it means is the nearest to the snapshot, which holds as long as fewer than 2^31
     * transactions lie between the two.
     */
    @Override
    public boolean saw(String transaction) {
        long low = Long.parseLong(transaction) & (EPOCH - 1);
        long id = (next & -EPOCH) | low;
        if (id - next >= EPOCH / 2) {
            id -= EPOCH;
        } else if (next - id > EPOCH / 2) {
            id += EPOCH;
        }
        return id < oldest || (id < next && !running.contains(id));
    }
}
