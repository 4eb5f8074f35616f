package io.landbridge.assess;

import io.landbridge.change.TableId;
import io.landbridge.config.Configuration;
import io.landbridge.config.MigrationConfig.Strategy;
import io.landbridge.config.SchemaConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.Table;
import java.util.List;

/**
 * What is assessed.
 *
 * @param tables the tables that would move
 */
record Subject(
        Configuration configuration,
        Database sourceDatabase,
        Database targetDatabase,
        Inquiry source,
        Inquiry target,
        List<Table> tables) {

    /** Whether the source's log is followed. */
    boolean streams() {
        return configuration.migration().strategy() != Strategy.FULL_LOAD;
    }

    /** Whether rows are copied. */
    boolean loads() {
        return configuration.migration().strategy() != Strategy.CDC_ONLY;
    }

    /** Whether absent tables are created. */
    boolean creates() {
        return loads() && configuration.schema().mode() == SchemaConfig.Mode.CREATE;
    }

    List<String> schemas() {
        return tables.stream().map(table -> table.id().schema()).toList();
    }

    List<String> names() {
        return tables.stream().map(table -> table.id().name()).toList();
    }

    List<TableId> ids() {
        return tables.stream().map(Table::id).toList();
    }
}
