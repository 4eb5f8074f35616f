package io.landbridge.schema.mysql;

import io.landbridge.change.TableId;
import java.util.List;

/**
 * A foreign key.
 *
 * @param name unique in its database
 * @param columns of the referring table, in the key's order
 * @param referenced the table it refers to
 * @param referencedColumns in the same order
 * @param onUpdate {@code NO ACTION}, {@code RESTRICT}, {@code CASCADE}, {@code SET NULL} or {@code
 *     SET DEFAULT}
 * @param onDelete likewise
 */
public record MysqlForeignKey(
        String name,
        List<String> columns,
        TableId referenced,
        List<String> referencedColumns,
        String onUpdate,
        String onDelete) {

    public MysqlForeignKey {
        columns = List.copyOf(columns);
        referencedColumns = List.copyOf(referencedColumns);
    }
}
