package io.landbridge.apply;

import io.landbridge.buffer.Crew;
import io.landbridge.buffer.Crew.Hand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Which other agents there are, by their own word, and who of them writes what. Thread-safe. */
final class Roster {

    /** Who says nothing for so long is not counted upon. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(6);

    /** For who did not do what it was asked for. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Crew crew;
    private final Map<String, Beat> beats = new HashMap<>();
    private final Map<String, Long> heardAt = new HashMap<>();
    private final Map<String, Long> restUntil = new HashMap<>();

    Roster(Crew crew) {
        this.crew = crew;
    }

    synchronized void heard(Beat beat) {
        if (beat.leaves()) {
            beats.remove(beat.agent());
            heardAt.remove(beat.agent());
        } else {
            beats.put(beat.agent(), beat);
            heardAt.put(beat.agent(), System.nanoTime());
        }
    }

    synchronized void forgetAll() {
        beats.clear();
        heardAt.clear();
        restUntil.clear();
    }

    /** Lets {@code agent} write nothing for a while. */
    synchronized void rest(String agent) {
        restUntil.put(agent, System.nanoTime() + REST_NANOS);
    }

    /** Forgets those that have fallen silent, and says who they were. */
    synchronized List<String> dropSilent() {
        long now = System.nanoTime();
        List<String> silent = new ArrayList<>();
        for (Iterator<Map.Entry<String, Long>> each = heardAt.entrySet().iterator();
                each.hasNext(); ) {
            Map.Entry<String, Long> one = each.next();
            if (now - one.getValue() > SILENCE_NANOS) {
                silent.add(one.getKey());
                beats.remove(one.getKey());
                each.remove();
            }
        }
        restUntil.values().removeIf(until -> now - until > 0);
        return silent;
    }

    /**
     * Which of the lanes 0 to {@code count} - 1 are written by another agent, and by which: the one
     * with the latest deal, this one where nobody holds it.
     */
    synchronized Map<Integer, String> holders(int count) {
        Map<Integer, String> holders = new TreeMap<>();
        Hand mine = crew.hand();
        for (int lane = 0; lane < count; lane++) {
            int latest = mine.lanes().contains(lane) ? mine.deal() : 0;
            for (Beat beat : beats.values()) {
                Hand hand = beat.hand();
                if (hand.deal() > latest
                        && hand.lanes().contains(lane)
                        && !restUntil.containsKey(beat.agent())) {
                    latest = hand.deal();
                    holders.put(lane, beat.agent());
                }
            }
        }
        return holders;
    }

    synchronized List<Mate> mates() {
        long now = System.nanoTime();
        return beats.values().stream()
                .map(
                        beat ->
                                new Mate(
                                        beat.agent(),
                                        beat.hand().lanes(),
                                        beat.rounds(),
                                        beat.rows(),
                                        Duration.ofNanos(now - heardAt.get(beat.agent()))))
                .sorted((one, other) -> one.agent().compareTo(other.agent()))
                .toList();
    }
}
