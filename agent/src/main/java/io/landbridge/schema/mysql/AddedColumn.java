package io.landbridge.schema.mysql;

import io.landbridge.config.MappingConfig;
import java.util.Optional;

/** A column that a table at MySQL got while it was followed. */
public final class AddedColumn {

    private AddedColumn() {}

    /**
     * What stands behind ADD COLUMN at the target.
     *
     * @return empty when rows that are there already would get another value than at MySQL, or the
     *     column needs more than itself: a type of its own, a key, a trigger
     */
    public static Optional<String> ddl(
            MappedTable table, MappedColumn column, MappingConfig config) {
        MysqlColumn source = column.source();
        boolean computed =
                source.autoIncrement()
                        || source.isGenerated()
                        || source.defaultExpression()
                        || source.onUpdateNow();
        boolean labelled = column.form() == Form.LABEL || column.form() == Form.LABELS;
        boolean given = column.nullable() || source.defaultValue().isPresent();
        if (computed || labelled || !given || table.key().contains(column.name())) {
            return Optional.empty();
        }
        TableDdl ddl = new TableDdl(table, config);
        int notes = ddl.notes().size();
        String text = ddl.column(column);
        return ddl.notes().size() == notes ? Optional.of(text) : Optional.empty();
    }
}
