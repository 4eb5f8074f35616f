package io.landbridge.schema.mysql;

import io.landbridge.change.TableId;
import java.util.List;

/** How keys and foreign keys are told where two databases' own words for them differ. */
final class StructureWords {

    private StructureWords() {}

    static String columns(List<String> names) {
        return "(" + String.join(", ", names) + ")";
    }

    static String primaryKey(List<String> columns) {
        return "PRIMARY KEY " + columns(columns);
    }

    /** NO ACTION and RESTRICT are one thing in MySQL, and here. */
    static String foreignKey(
            List<String> columns,
            TableId referenced,
            List<String> referencedColumns,
            String onUpdate,
            String onDelete) {
        return "FOREIGN KEY "
                + columns(columns)
                + " REFERENCES "
                + referenced
                + " "
                + columns(referencedColumns)
                + action(" ON UPDATE ", onUpdate)
                + action(" ON DELETE ", onDelete);
    }

    private static String action(String when, String action) {
        return action.equals("NO ACTION") || action.equals("RESTRICT") ? "" : when + action;
    }
}
