package io.landbridge.apply;

import java.util.List;
import java.util.stream.Collectors;

/** Fields that travel as one word. */
final class Words {

    private static final String BETWEEN = "\t";
    private static final int LONGEST = 1000;

    private Words() {}

    static String of(List<?> fields) {
        return fields.stream().map(Object::toString).collect(Collectors.joining(BETWEEN));
    }

    static List<String> split(String word) {
        return List.of(word.split(BETWEEN, -1));
    }

    /** What people wrote, as a field. */
    static String told(String text) {
        String one = text == null ? "" : text.replaceAll("\\s+", " ");
        return one.length() > LONGEST ? one.substring(0, LONGEST) : one;
    }
}
