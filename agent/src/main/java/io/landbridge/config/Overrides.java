package io.landbridge.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the command line gives; goes before the file. Immutable.
 *
 * <p>{@code Overrides.NONE.with("source.url", "--source-db", url)}
 */
public final class Overrides {

    public static final Overrides NONE = new Overrides(Map.of());

    private final Map<String, Given> values;

    private Overrides(Map<String, Given> values) {
        this.values = values;
    }

    /**
     * These and one more.
     *
     * @param key a key's full name; lists as one text with commas
     * @param option the option's name, for complaints
     * @param value null or empty leaves everything as it is
     */
    public Overrides with(String key, String option, String value) {
        if (value == null || value.isEmpty()) {
            return this;
        }
        Map<String, Given> more = new LinkedHashMap<>(values);
        more.put(key, new Given(value, "option " + option, 0));
        return new Overrides(more);
    }

    Map<String, Given> values() {
        return values;
    }
}
