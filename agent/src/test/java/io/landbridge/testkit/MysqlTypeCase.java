package io.landbridge.testkit;

import java.util.List;

/**
 * Values of one MySQL type, and what each must be at the target.
 *
 * @param type as CREATE TABLE has it
 * @param values each as SQL of MySQL
 * @param texts for each of them, what {@code Form}'s canonical text must be
 */
public record MysqlTypeCase(String type, List<String> values, List<String> texts) {

    public MysqlTypeCase {
        values = List.copyOf(values);
        texts = List.copyOf(texts);
        if (values.size() != texts.size()) {
            throw new IllegalArgumentException(type + ": values without a text");
        }
    }

    /** Pairs of a value and its text. */
    static MysqlTypeCase of(String type, String... pairs) {
        List<String> values = new java.util.ArrayList<>();
        List<String> texts = new java.util.ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.add(pairs[i]);
            texts.add(pairs[i + 1]);
        }
        return new MysqlTypeCase(type, values, texts);
    }

    /** A short name for a test. */
    @Override
    public String toString() {
        return type;
    }
}
