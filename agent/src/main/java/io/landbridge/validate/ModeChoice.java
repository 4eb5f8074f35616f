package io.landbridge.validate;

import io.landbridge.change.TableId;
import io.landbridge.config.TablesConfig;
import io.landbridge.config.ValidationConfig;
import io.landbridge.config.ValidationConfig.Mode;
import io.landbridge.schema.TablePatterns;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of each table is compared.
 *
 * @param usual of tables that no exception names
 * @param exceptions tables with a mode of their own; the more thorough one counts when two fit
 */
record ModeChoice(Mode usual, Map<Mode, TablePatterns> exceptions) {

    private static final List<Mode> THOROUGH_FIRST = List.of(Mode.FULL, Mode.SAMPLE, Mode.COUNT);

    ModeChoice {
        exceptions = Map.copyOf(exceptions);
    }

    /** Every table alike. */
    static ModeChoice all(Mode mode) {
        return new ModeChoice(mode, Map.of());
    }

    /**
     * What the configuration asks for; without checksums only rows are counted.
     *
     * @throws io.landbridge.fault.Fault CONFIG_INVALID when a pattern isn't one
     */
    static ModeChoice of(ValidationConfig config) {
        if (!config.checksums()) {
            return all(Mode.COUNT);
        }
        Map<Mode, TablePatterns> exceptions = new LinkedHashMap<>();
        config.exceptions()
                .forEach(
                        (mode, patterns) ->
                                exceptions.put(
                                        mode,
                                        new TablePatterns(new TablesConfig(patterns, List.of()))));
        return new ModeChoice(config.mode(), exceptions);
    }

    Mode of(TableId table) {
        return THOROUGH_FIRST.stream()
                .filter(exceptions::containsKey)
                .filter(mode -> exceptions.get(mode).fits(table))
                .findFirst()
                .orElse(usual);
    }
}
