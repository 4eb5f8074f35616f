package io.landbridge.simulation;

import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of the simulated source.
 *
 * @param layout its columns: all text or int at the target
 * @param types the columns' types
 * @param unique a column with a unique constraint of its own, or -1
 * @param toast a column that the log leaves out when it did not change, or -1
 * @param keys how many different keys its rows have at most
 */
record SimulatedTable(TableLayout layout, List<String> types, int unique, int toast, int keys) {

    static List<SimulatedTable> all() {
        return List.of(
                table("plain", "id int, a text, big text", 1, -1, 2, 3000),
                table("swaps", "id int, u int, v text", 1, 1, -1, 40),
                table("Pair \"x\"", "k1 text, k2 int, v text, big text", 2, -1, 3, 200),
                table("keyless", "a int, b text", 0, -1, -1, 30),
                table("only key", "id text", 1, -1, -1, 100));
    }

    private static SimulatedTable table(
            String name, String columns, int key, int unique, int toast, int keys) {
        List<String> names = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (String column : columns.split(", ", -1)) {
            names.add(column.substring(0, column.indexOf(' ')));
            types.add(column.substring(column.indexOf(' ') + 1));
        }
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < key; i++) {
            positions.add(i);
        }
        return new SimulatedTable(
                new TableLayout(new TableId("public", name), names, positions),
                types,
                unique,
                toast,
                keys);
    }

    String name() {
        return "public.\"" + layout.table().name().replace("\"", "\"\"") + '"';
    }

    int columns() {
        return types.size();
    }

    boolean isText(int column) {
        return types.get(column).equals("text");
    }

    /**
     * @param withUnique false while rows of different moments may stand beside each other
     */
    String ddl(boolean withUnique) {
        StringBuilder sql = new StringBuilder("CREATE TABLE ").append(name()).append(" (");
        for (int i = 0; i < columns(); i++) {
            sql.append(i == 0 ? "" : ", ")
                    .append(layout.columns().get(i))
                    .append(' ')
                    .append(types.get(i))
                    .append(withUnique && i == unique ? " UNIQUE" : "");
        }
        if (layout.hasKey()) {
            sql.append(", PRIMARY KEY (")
                    .append(String.join(", ", layout.keyColumns()))
                    .append(')');
        }
        return sql.append(')').toString();
    }

    /** Selects every row, as the model compares them. */
    String select() {
        return "SELECT " + String.join(", ", layout.columns()) + " FROM " + name();
    }
}
