package io.landbridge.target;

import io.landbridge.change.RowImage;
import io.landbridge.change.RowKey;
import io.landbridge.change.TableLayout;
import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MysqlSql;
import io.landbridge.schema.mysql.back.Literals;
import io.landbridge.schema.mysql.back.ValueRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The statements that write rows of one table in MySQL, with values as literals: each is spelled so
 * that MySQL takes it for the column's type at once, and keys are found by index. Immutable.
 */
final class MysqlRowSql {

    /** A column of the layout that MySQL has and does not compute. */
    private record Place(int at, MappedColumn column, String name, Literals literals) {

        static Place of(int at, MappedColumn column) {
            return new Place(
                    at, column, MysqlSql.quote(column.source().name()), Literals.of(column));
        }

        String literal(RowImage row) throws ValueRefused {
            return literals.literal(row.text(at));
        }
    }

    private final String table;
    private final String through;
    private final List<Place> written = new ArrayList<>();
    private final List<Place> key = new ArrayList<>();

    /** Assignments that keep MySQL from setting what no change sets. */
    private final Map<String, String> kept;

    MysqlRowSql(MysqlTargetTable table, TableLayout layout) {
        this.table = MysqlSql.quote(table.id());
        this.through = table.through(layout.keyColumns());
        Map<String, MappedColumn> columns = table.written();
        for (int i = 0; i < layout.columns().size(); i++) {
            MappedColumn column = columns.get(layout.columns().get(i));
            if (column != null) {
                written.add(Place.of(i, column));
            }
        }
        for (int at : layout.key()) {
            String name = layout.columns().get(at);
            key.add(
                    Place.of(
                            at,
                            table.column(name)
                                    .orElseThrow(
                                            () ->
                                                    new IllegalArgumentException(
                                                            table.id() + " has no " + name))));
        }
        this.kept =
                columns.values().stream()
                        .filter(column -> column.source().onUpdateNow())
                        .map(column -> MysqlSql.quote(column.source().name()))
                        .collect(Collectors.toMap(name -> name, name -> name + " = " + name));
    }

    String insertHead() {
        return "INSERT INTO "
                + table
                + written.stream().map(Place::name).collect(Collectors.joining(", ", " (", ")"))
                + " VALUES ";
    }

    /** Appends a row as it stands behind {@link #insertHead}. */
    void appendValues(StringBuilder sql, RowImage row) throws ValueRefused {
        char before = '(';
        for (Place place : written) {
            sql.append(before).append(place.literal(row));
            before = ',';
        }
        sql.append(before == '(' ? "()" : ")");
    }

    /** The form with FROM takes a hint. */
    String deleteHead() {
        return "DELETE t FROM "
                + through
                + key.stream()
                        .map(place -> "t." + place.name())
                        .collect(Collectors.joining(", ", " WHERE (", ") IN ("));
    }

    /** Appends a key as it stands behind {@link #deleteHead}, which a bracket must close. */
    void appendKey(StringBuilder sql, RowKey row) throws ValueRefused {
        for (int i = 0; i < key.size(); i++) {
            sql.append(i == 0 ? '(' : ',').append(key.get(i).literals().literal(row.value(i)));
        }
        sql.append(')');
    }

    /** Appends an update of the row under {@code old} to all values that {@code row} carries. */
    void appendUpdate(StringBuilder sql, RowKey old, RowImage row) throws ValueRefused {
        sql.append("UPDATE ").append(table).append(" SET ");
        appendAssignments(sql, row);
        sql.append(" WHERE ");
        for (int i = 0; i < key.size(); i++) {
            sql.append(i == 0 ? "" : " AND ")
                    .append(key.get(i).name())
                    .append(" = ")
                    .append(key.get(i).literals().literal(old.value(i)));
        }
    }

    /** A row that carries nothing is found all the same: its key is set to itself. */
    private void appendAssignments(StringBuilder sql, RowImage row) throws ValueRefused {
        String before = "";
        int start = sql.length();
        for (Place place : written) {
            if (!row.isUnchanged(place.at())) {
                sql.append(before).append(place.name()).append(" = ").append(place.literal(row));
                before = ", ";
            }
        }
        for (Map.Entry<String, String> column : kept.entrySet()) {
            boolean set =
                    written.stream()
                            .anyMatch(
                                    place ->
                                            place.name().equals(column.getKey())
                                                    && !row.isUnchanged(place.at()));
            if (!set) {
                sql.append(before).append(column.getValue());
                before = ", ";
            }
        }
        if (sql.length() == start) {
            String name = key.isEmpty() ? written.get(0).name() : key.get(0).name();
            sql.append(name).append(" = ").append(name);
        }
    }

    /** Deletes one of the rows that equal {@code row} in every value. */
    String deleteOne(RowImage row) throws ValueRefused {
        return "DELETE FROM " + table + equal(row) + " LIMIT 1";
    }

    /** As {@link #deleteOne}, giving it the values of {@code after}. */
    String updateOne(RowImage before, RowImage after) throws ValueRefused {
        StringBuilder sql = new StringBuilder("UPDATE ").append(table).append(" SET ");
        appendAssignments(sql, after);
        return sql.append(equal(before)).append(" LIMIT 1").toString();
    }

    private String equal(RowImage row) throws ValueRefused {
        List<String> all = new ArrayList<>();
        for (Place place : written) {
            all.add(equal(place, place.literal(row)));
        }
        return " WHERE " + (all.isEmpty() ? "TRUE" : String.join(" AND ", all));
    }

    /** Equality that an index can serve, and for characters one of their bytes on top of it. */
    private static String equal(Place place, String literal) {
        String name = place.name();
        if (place.column().source().isGeometry()) {
            return "HEX(" + name + ") <=> HEX(" + literal + ")";
        }
        if (place.column().source().dataType().equals("json")) {
            return name + " <=> CAST(" + literal + " AS JSON)";
        }
        if (!place.column().source().isText()) {
            return name + " <=> " + literal;
        }
        return name
                + " <=> "
                + literal
                + " AND CAST(CONVERT("
                + name
                + " USING utf8mb4) AS BINARY) <=> CAST("
                + literal
                + " AS BINARY)";
    }

    String deleteAll() {
        return "DELETE FROM " + table;
    }
}
