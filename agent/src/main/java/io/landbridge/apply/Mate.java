package io.landbridge.apply;

import java.time.Duration;
import java.util.Set;

/**
 * Another agent that shares the writing, as the one that leads knows it.
 *
 * @param agent its name
 * @param lanes that it is ready to write
 * @param rounds that it has written since it began
 * @param rows likewise
 * @param silence how long ago it spoke
 */
public record Mate(String agent, Set<Integer> lanes, long rounds, long rows, Duration silence) {

    public Mate {
        lanes = Set.copyOf(lanes);
    }
}
