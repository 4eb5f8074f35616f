package io.landbridge.target;

import io.landbridge.change.TableLayout;
import io.landbridge.schema.Sql;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The statements that write rows of one table in PostgreSQL. Rows come as one text array for each
 * column and are taken apart by {@code unnest}; every value is cast from text, so that all types go
 * the same way. Immutable.
 *
 * <p>A table that is no partitioned one is written with ONLY: rows of tables that inherit from it
 * come under their own table's name.
 */
final class PostgresRowSql {

    private final PostgresTable table;
    private final TableLayout layout;
    private final String into;
    private final String only;

    /** Places in the layout of the columns that are written, that is, not generated. */
    private final List<Integer> written;

    PostgresRowSql(PostgresTable table, TableLayout layout) {
        this.table = table;
        this.layout = layout;
        this.into = Sql.quote(table.id());
        this.only = table.only();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < layout.columns().size(); i++) {
            if (!column(i).generated()) {
                places.add(i);
            }
        }
        this.written = List.copyOf(places);
    }

    List<Integer> written() {
        return written;
    }

    /** Written columns that are not UNCHANGED. */
    List<Integer> written(BitSet unchanged) {
        return written.stream().filter(i -> !unchanged.get(i)).toList();
    }

    PostgresColumn column(int i) {
        PostgresColumn column = table.columns().get(layout.columns().get(i));
        if (column == null) {
            throw new IllegalArgumentException(
                    table.id() + " has no column " + layout.columns().get(i));
        }
        return column;
    }

    String copy() {
        return "COPY " + into + " (" + names(written) + ") FROM STDIN";
    }

    /** Parameters: {@link #written}. */
    String insert() {
        return "INSERT INTO "
                + into
                + " AS t ("
                + names(written)
                + ") OVERRIDING SYSTEM VALUE SELECT "
                + written.stream().map(i -> value("v", i)).collect(Collectors.joining(", "))
                + " FROM "
                + rows("v", written);
    }

    /** Parameters: {@link #written}. Not for tables that refuse updates. */
    String upsert() {
        boolean respelled = layout.key().stream().anyMatch(i -> !column(i).exact());
        String set =
                written.stream()
                        .filter(i -> respelled || !layout.key().contains(i))
                        .map(i -> name(i) + " = excluded." + name(i))
                        .collect(Collectors.joining(", "));
        return insert()
                + " ON CONFLICT ("
                + names(layout.key())
                + (set.isEmpty() ? ") DO NOTHING" : ") DO UPDATE SET " + set);
    }

    /** Parameters: the key. */
    String delete() {
        return "DELETE FROM " + only + " AS t USING " + rows("k", layout.key()) + matching("k");
    }

    /** Parameters: the key, then {@link #changing}, which must not be empty. */
    String update(BitSet unchanged) {
        return "UPDATE "
                + only
                + " AS t SET "
                + changing(unchanged).stream()
                        .map(i -> name(i) + " = " + value("v", i))
                        .collect(Collectors.joining(", "))
                + " FROM "
                + rows("k", layout.key(), "v", changing(unchanged))
                + matching("k");
    }

    /** What {@link #update} sets: written columns beside the key, without those UNCHANGED. */
    List<Integer> changing(BitSet unchanged) {
        Set<Integer> key = new HashSet<>(layout.key());
        return written(unchanged).stream().filter(i -> !key.contains(i)).toList();
    }

    /**
     * Takes rows out by their old key and puts them in again with new values, columns that are
     * UNCHANGED as they were: what an update can't do when it moves a key or when a column is
     * GENERATED ALWAYS. Parameters: the old key, then {@link #written(BitSet)}.
     */
    String rewrite(BitSet unchanged) {
        return "WITH gone AS (DELETE FROM "
                + only
                + " AS t USING "
                + rows("k", layout.key(), "v", written(unchanged))
                + matching("k")
                + " RETURNING "
                + written.stream()
                        .map(i -> (unchanged.get(i) ? "t." + name(i) : value("v", i)) + " AS r" + i)
                        .collect(Collectors.joining(", "))
                + ") INSERT INTO "
                + into
                + " ("
                + names(written)
                + ") OVERRIDING SYSTEM VALUE SELECT "
                + written.stream().map(i -> "r" + i).collect(Collectors.joining(", "))
                + " FROM gone";
    }

    /** The places, from 1, of keys that no row has. Parameters: the key. */
    String absent() {
        return "SELECT s.n FROM unnest("
                + layout.key().stream().map(i -> "?::text[]").collect(Collectors.joining(", "))
                + ") WITH ORDINALITY AS s ("
                + layout.key().stream().map(i -> "k" + i).collect(Collectors.joining(", "))
                + ", n) WHERE NOT EXISTS (SELECT FROM "
                + only
                + " AS t"
                + matching("k")
                + ")";
    }

    /**
     * Deletes one row of those that equal a row in every value. Parameters: its values but the
     * NULLs, one by one.
     */
    String deleteOne(BitSet nulls) {
        return victim(nulls)
                + "DELETE FROM "
                + only
                + " AS t USING victim AS v WHERE t.ctid = v.place AND t.tableoid = v.part";
    }

    /** As {@link #deleteOne}; then {@link #written}, one by one, its new values. */
    String updateOne(BitSet nulls) {
        return victim(nulls)
                + "UPDATE "
                + only
                + " AS t SET "
                + written.stream()
                        .map(i -> name(i) + " = ?::text::" + column(i).cast())
                        .collect(Collectors.joining(", "))
                + " FROM victim AS v WHERE t.ctid = v.place AND t.tableoid = v.part";
    }

    /** Deletes rows by where they lie. Parameters: tables' OIDs, places. */
    String deleteAt() {
        return "DELETE FROM "
                + only
                + " AS t USING unnest(?::int8[], ?::text[]) AS v (part, place)"
                + " WHERE t.ctid = v.place::tid AND t.tableoid = v.part::oid";
    }

    /** Empties the table where TRUNCATE is refused. */
    String deleteAll() {
        return "DELETE FROM " + only;
    }

    /**
     * Equality where it is exact, so that an index can serve; else the text that the type's output
     * function gives ({@code format}, since a cast of char(n) to text loses its blanks).
     */
    private String victim(BitSet nulls) {
        return "WITH victim AS MATERIALIZED (SELECT tableoid AS part, ctid AS place FROM "
                + only
                + written.stream()
                        .map(
                                i -> {
                                    if (nulls.get(i)) {
                                        return name(i) + " IS NULL";
                                    }
                                    PostgresColumn column = column(i);
                                    return column.exact()
                                            ? name(i) + " = ?::text::" + column.cast()
                                            : "format('%s', " + name(i) + ") = ?::text";
                                })
                        .collect(Collectors.joining(" AND ", " WHERE ", " LIMIT 1) "));
    }

    private String matching(String prefix) {
        return layout.key().stream()
                .map(i -> "t." + name(i) + " " + column(i).equals() + " " + value(prefix, i))
                .collect(Collectors.joining(" AND ", " WHERE ", ""));
    }

    private String value(String prefix, int i) {
        return "s." + prefix + i + "::" + column(i).cast();
    }

    private String name(int i) {
        return Sql.quote(layout.columns().get(i));
    }

    private String names(List<Integer> places) {
        return places.stream().map(this::name).collect(Collectors.joining(", "));
    }

    private static String rows(String prefix, List<Integer> places) {
        return rows(prefix, places, "", List.of());
    }

    private static String rows(
            String prefix, List<Integer> places, String prefix2, List<Integer> places2) {
        List<String> names = new ArrayList<>();
        places.forEach(i -> names.add(prefix + i));
        places2.forEach(i -> names.add(prefix2 + i));
        return "unnest("
                + names.stream().map(name -> "?::text[]").collect(Collectors.joining(", "))
                + ") AS s ("
                + String.join(", ", names)
                + ")";
    }
}
