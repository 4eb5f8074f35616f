package io.landbridge.phase;

import io.landbridge.change.TableId;
import io.landbridge.config.TablesConfig;
import io.landbridge.config.ValidationConfig.Mode;
import io.landbridge.schema.TablePatterns;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What an operator wants compared or repaired. Part of the migration's state while it is done, so
 * that whoever starts after a crash does the same.
 *
 * @param tables patterns as in {@code tables.include}; empty: all
 * @param mode another one than the configuration's
 * @param values whether the report shows the values of differing columns
 */
public record ComparisonOrder(List<String> tables, Optional<Mode> mode, boolean values) {

    /** As the configuration has it. */
    public static final ComparisonOrder USUAL =
            new ComparisonOrder(List.of(), Optional.empty(), false);

    public ComparisonOrder {
        tables = List.copyOf(tables);
    }

    /**
     * Which tables are meant.
     *
     * @throws io.landbridge.fault.Fault CONFIG_INVALID when a pattern isn't one
     */
    public Predicate<TableId> chosen() {
        return tables.isEmpty()
                ? table -> true
                : new TablePatterns(new TablesConfig(tables, List.of()))::fits;
    }

    /** Whether it says as much about both sides as what the configuration asks for. */
    boolean isAsGoodAs(Mode configured) {
        return tables.isEmpty() && mode.filter(one -> one.compareTo(configured) < 0).isEmpty();
    }
}
