package io.landbridge.assess;

import io.landbridge.change.TableId;
import io.landbridge.config.Configuration;
import io.landbridge.config.MigrationConfig.Strategy;
import io.landbridge.config.SchemaConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.SchemaPreview;
import io.landbridge.schema.Table;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is assessed.
 *
 * @param tables the tables that would move
 * @param schema what making the target's schema would take; read at the first question, once
 */
record Subject(
        Configuration configuration,
        Database sourceDatabase,
        Database targetDatabase,
        Inquiry source,
        Inquiry target,
        List<Table> tables,
        Supplier<SchemaPreview> schema) {

    static Subject of(
            Configuration configuration,
            Database sourceDatabase,
            Database targetDatabase,
            Inquiry source,
            Inquiry target,
            List<Table> tables) {
        return new Subject(
                configuration,
                sourceDatabase,
                targetDatabase,
                source,
                target,
                tables,
                new Once(
                        () ->
                                SchemaPreview.of(
                                        sourceDatabase,
                                        configuration.schema(),
                                        configuration.tables(),
                                        tables)));
    }

    /** Remembers its answer. Owned by one thread. */
    private static final class Once implements Supplier<SchemaPreview> {

        private final Supplier<SchemaPreview> first;
        private SchemaPreview answer;

        Once(Supplier<SchemaPreview> first) {
            this.first = first;
        }

        @Override
        public SchemaPreview get() {
            if (answer == null) {
                answer = first.get();
            }
            return answer;
        }
    }

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

    /** Whether what is written to the target after a cutover is to flow back. */
    boolean wayBack() {
        return streams() && configuration.cutover().keepsWayBack();
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
