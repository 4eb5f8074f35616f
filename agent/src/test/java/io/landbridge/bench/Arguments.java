package io.landbridge.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a benchmark was told: words of the form {@code name=value}. */
record Arguments(Map<String, String> named) {

    static Arguments of(String[] words) {
        return new Arguments(
                Arrays.stream(words)
                        .map(word -> word.split("=", 2))
                        .collect(Collectors.toMap(word -> word[0], word -> word[1])));
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(named.get(name));
    }

    int number(String name, int otherwise) {
        return text(name).map(Integer::valueOf).orElse(otherwise);
    }

    /** Leaves of {@code contenders} those that {@code only=A,B} names: all without it. */
    void choose(Collection<String> contenders) {
        text("only").ifPresent(only -> contenders.retainAll(List.of(only.split(","))));
    }
}
