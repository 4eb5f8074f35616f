package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.schema.Table;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlColumn;
import io.landbridge.schema.mysql.MysqlSql;
import io.landbridge.source.CopySource.TableCutter;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Cuts MySQL's tables into key ranges. Where the key begins with a whole number, by bisection: the
 * server estimates a range's rows by two dives into the index, without reading rows, so gaps and
 * skew cost nothing. Other keys are found by walking along the key's index, once.
 */
final class MysqlCutter implements TableCutter {

    private static final BigInteger TWO = BigInteger.TWO;

    private final MysqlDatabase source;
    private final Map<TableId, MappedTable> tables;
    private final Connection connection;

    MysqlCutter(MysqlDatabase source, Map<TableId, MappedTable> tables) {
        this.source = source;
        this.tables = tables;
        this.connection = source.open("load plan");
    }

    @Override
    public Map<TableId, List<TablePart>> parts(List<Table> wanted, Predicate<Table> whole) {
        Map<TableId, List<TablePart>> parts = new LinkedHashMap<>();
        for (Table table : wanted) {
            parts.put(
                    table.id(),
                    List.of(
                            new TablePart(
                                    table.id(),
                                    table.id(),
                                    true,
                                    true,
                                    table.estimatedRows(),
                                    table.bytes() / (16 << 10),
                                    table.bytes())));
        }
        return parts;
    }

    @Override
    public List<KeyRange> ranges(Table table, TablePart part, int pieces) {
        MappedTable mapped = tables.get(table.id());
        List<MysqlColumn> key = MysqlRanges.columns(mapped);
        if (pieces < 2 || key.isEmpty()) {
            return List.of(KeyRange.ALL);
        }
        try {
            long size = Math.max(1, part.rows() / pieces);
            return between(
                    key.get(0).isInteger() && key.size() == 1
                            ? bisected(mapped, key.get(0), size)
                            : walked(mapped, key, size));
        } catch (SQLException e) {
            throw source.fault("the planning of the load", e);
        }
    }

    private static List<KeyRange> between(List<List<String>> bounds) {
        List<KeyRange> ranges = new ArrayList<>();
        Optional<List<String>> lower = Optional.empty();
        for (List<String> bound : bounds) {
            ranges.add(new KeyRange(lower, Optional.of(bound)));
            lower = Optional.of(bound);
        }
        ranges.add(new KeyRange(lower, Optional.empty()));
        return ranges;
    }

    /** Bounds with about {@code size} rows between two of them. */
    private List<List<String>> bisected(MappedTable table, MysqlColumn key, long size)
            throws SQLException {
        String name = MysqlSql.quote(key.name());
        String from = " FROM " + MysqlSql.quote(table.sourceId());
        List<List<String>> bounds = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            BigInteger least;
            BigInteger most;
            try (ResultSet row =
                    statement.executeQuery("SELECT MIN(" + name + "), MAX(" + name + ")" + from)) {
                row.next();
                if (row.getString(1) == null) {
                    return List.of();
                }
                least = new BigInteger(row.getString(1)).subtract(BigInteger.ONE);
                most = new BigInteger(row.getString(2));
            }
            Bisection bisection = new Bisection(statement, from, name, size, bounds);
            bisection.cut(least, most, Long.MAX_VALUE);
        }
        return bounds;
    }

    /** Collects bounds while it goes from the least key to the greatest. */
    private static final class Bisection {

        private final Statement statement;
        private final String from;
        private final String name;
        private final long size;
        private final List<List<String>> bounds;
        private long since;

        Bisection(
                Statement statement,
                String from,
                String name,
                long size,
                List<List<String>> bounds) {
            this.statement = statement;
            this.from = from;
            this.name = name;
            this.size = size;
            this.bounds = bounds;
        }

        /** Keys above {@code lower} up to {@code upper}, which hold about {@code rows}. */
        void cut(BigInteger lower, BigInteger upper, long rows) throws SQLException {
            BigInteger middle = lower.add(upper).divide(TWO);
            if (rows <= Math.max(1, size / 2) || middle.equals(lower)) {
                since += rows == Long.MAX_VALUE ? 1 : rows;
                return;
            }
            for (BigInteger[] half : new BigInteger[][] {{lower, middle}, {middle, upper}}) {
                cut(half[0], half[1], estimate(half[0], half[1]));
                if (since >= size) {
                    since = 0;
                    bound(half[1]);
                }
            }
        }

        private void bound(BigInteger upper) {
            List<String> bound = List.of(upper.toString());
            if (bounds.isEmpty() || !bounds.get(bounds.size() - 1).equals(bound)) {
                bounds.add(bound);
            }
        }

        private long estimate(BigInteger lower, BigInteger upper) throws SQLException {
            try (ResultSet row =
                    statement.executeQuery(
                            "EXPLAIN SELECT %1$s%2$s WHERE %1$s > %3$s AND %1$s <= %4$s"
                                    .formatted(name, from, lower, upper))) {
                row.next();
                String rows = row.getString("rows");
                return rows == null ? 0 : Long.parseLong(rows);
            }
        }
    }

    private List<List<String>> walked(MappedTable table, List<MysqlColumn> key, long size)
            throws SQLException {
        String columns =
                key.stream()
                        .map(column -> MysqlSql.quote(column.name()))
                        .collect(Collectors.joining(", "));
        String texts = key.stream().map(MysqlRanges::text).collect(Collectors.joining(", "));
        List<List<String>> bounds = new ArrayList<>();
        Optional<List<String>> last = Optional.empty();
        try (Statement statement = connection.createStatement()) {
            while (true) {
                try (ResultSet row =
                        statement.executeQuery(
                                "SELECT %s FROM %s%s ORDER BY %s LIMIT 1 OFFSET %d"
                                        .formatted(
                                                texts,
                                                MysqlSql.quote(table.sourceId()),
                                                MysqlRanges.where(
                                                        table,
                                                        new KeyRange(last, Optional.empty())),
                                                columns,
                                                size - 1))) {
                    if (!row.next()) {
                        return bounds;
                    }
                    List<String> bound = new ArrayList<>();
                    for (int i = 1; i <= key.size(); i++) {
                        bound.add(row.getString(i));
                    }
                    if (last.isPresent() && last.get().equals(bound)) {
                        return bounds;
                    }
                    bounds.add(bound);
                    last = Optional.of(bound);
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw source.fault("the end of a connection", e);
        }
    }
}
