package io.landbridge.apply;

import io.landbridge.buffer.Crew.Hand;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an agent that follows says of itself about once a second.
 *
 * @param agent where it is spoken to
 * @param hand lanes that it is ready to write; none when it leaves
 * @param leaves whether this is its last one
 * @param rounds written since it began
 * @param rows likewise
 */
record Beat(String agent, Hand hand, boolean leaves, long rounds, long rows) {

    static final String SIGN = "BEAT";

    String word() {
        return Words.of(
                List.of(
                        SIGN,
                        agent,
                        hand.deal(),
                        hand.lanes().stream()
                                .sorted(Comparator.naturalOrder())
                                .map(String::valueOf)
                                .collect(Collectors.joining(",")),
                        leaves,
                        rounds,
                        rows));
    }

    static Beat read(String word) {
        List<String> words = Words.split(word);
        Set<Integer> lanes =
                Arrays.stream(words.get(3).split(","))
                        .filter(text -> !text.isEmpty())
                        .map(Integer::valueOf)
                        .collect(Collectors.toSet());
        return new Beat(
                words.get(1),
                new Hand(Integer.parseInt(words.get(2)), lanes),
                Boolean.parseBoolean(words.get(4)),
                Long.parseLong(words.get(5)),
                Long.parseLong(words.get(6)));
    }
}
