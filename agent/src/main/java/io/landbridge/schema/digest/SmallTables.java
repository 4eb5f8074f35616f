package io.landbridge.schema.digest;

import io.landbridge.change.TableId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Asks for many small tables at once: where there are thousands, round trips and statements are
 * what costs.
 */
final class SmallTables {

    /** Bytes of a table, with what is toasted of it. */
    private static final int SMALL = 512 * 1024;

    /**
     * Tables by number, as the snapshot knows them. Partitioned tables have no rows of their own.
     */
    private static final String WANTED =
            " FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS w (s, n, o)"
                    + " JOIN pg_namespace AS ns ON ns.nspname = w.s"
                    + " JOIN pg_class AS c ON c.relnamespace = ns.oid AND c.relname = w.n"
                    + " WHERE c.relkind = 'r' AND ";

    private final SnapshotQueries queries;

    SmallTables(SnapshotQueries queries) {
        this.queries = queries;
    }

    BitSet small(List<ComparedTable> tables) {
        return which(tables, "pg_table_size(c.oid) <= " + SMALL);
    }

    /** As {@link PostgresTableReader#isIntact}, of tables that are not partitioned. */
    BitSet intact(List<ComparedTable> tables) {
        return which(tables, "pg_relation_filenode(c.oid) = c.relfilenode");
    }

    private BitSet which(List<ComparedTable> tables, String condition) {
        return queries.run(
                tables.get(0).id(),
                "SELECT w.o" + WANTED + condition,
                query -> {
                    name(query, 1, tables, TableId::schema);
                    name(query, 2, tables, TableId::name);
                    BitSet found = new BitSet();
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            found.set(row.getInt(1) - 1);
                        }
                    }
                    return found;
                });
    }

    private static void name(
            PreparedStatement query,
            int at,
            List<ComparedTable> tables,
            Function<TableId, String> part)
            throws SQLException {
        query.setArray(
                at,
                query.getConnection()
                        .createArrayOf(
                                "text",
                                tables.stream().map(table -> part.apply(table.id())).toArray()));
    }

    /**
     * Each table's digest, of one bucket.
     *
     * @param halves gives a query of {@code h} and {@code l}, a table's rows' halves
     */
    Optional<List<Digest>> digests(
            List<ComparedTable> tables, Function<ComparedTable, String> halves) {
        String statement =
                IntStream.range(0, tables.size())
                        .mapToObj(
                                i ->
                                        "SELECT "
                                                + i
                                                + ", count(*), coalesce(sum(h), 0),"
                                                + " coalesce(sum(l), 0) FROM ("
                                                + halves.apply(tables.get(i))
                                                + ") AS d")
                        .collect(Collectors.joining(" UNION ALL "));
        return queries.tryToRun(
                tables.get(0).id(),
                statement,
                query -> {
                    List<Digest> digests = new ArrayList<>();
                    tables.forEach(table -> digests.add(new Digest(1)));
                    try (ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            digests.get(row.getInt(1))
                                    .add(
                                            0,
                                            row.getLong(2),
                                            row.getBigDecimal(3).toBigInteger().longValue(),
                                            row.getBigDecimal(4).toBigInteger().longValue());
                        }
                    }
                    return digests;
                });
    }
}
