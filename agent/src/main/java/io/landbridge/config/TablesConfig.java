package io.landbridge.config;

import java.util.List;

/**
 * Section {@code tables}: which tables move. A pattern is {@code schema.table} with {@code *} and
 * {@code ?}; a table moves when a pattern of {@code include} fits and none of {@code exclude}.
 */
public record TablesConfig(List<String> include, List<String> exclude) {
    public TablesConfig {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }
}
