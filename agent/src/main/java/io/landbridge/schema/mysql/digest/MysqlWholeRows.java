package io.landbridge.schema.mysql.digest;

import io.landbridge.change.RowImage;
import io.landbridge.change.TableId;
import io.landbridge.schema.digest.ComparedTable;
import io.landbridge.schema.digest.RowPlace;
import io.landbridge.schema.digest.WholeRows;
import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlSql;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** {@link WholeRows} of MySQL: texts that PostgreSQL reads as the same values. */
final class MysqlWholeRows implements WholeRows {

    private final SnapshotSession session;
    private final Map<TableId, MappedTable> tables;
    private final Consumer<SnapshotSession> whenDone;

    /** As {@link MysqlTableReader}. */
    MysqlWholeRows(
            SnapshotSession session,
            Map<TableId, MappedTable> tables,
            Consumer<SnapshotSession> whenDone) {
        this.session = session;
        this.tables = tables;
        this.whenDone = whenDone;
    }

    @Override
    public List<RowImage> byKey(ComparedTable table, Collection<List<String>> keys) {
        MappedTable mapped = tables.get(table.id());
        List<MappedColumn> columns = columns(mapped, table);
        return session.all(
                table.id(),
                "SELECT "
                        + values(columns)
                        + from(table)
                        + " WHERE "
                        + KeySql.condition(mapped, table.key(), keys),
                row -> image(columns, row, 1));
    }

    @Override
    public Map<String, RowImage> byHash(ComparedTable table, Collection<String> rowHashes) {
        MappedTable mapped = tables.get(table.id());
        List<MappedColumn> columns = columns(mapped, table);
        LocalHash hash = new LocalHash(mapped, table.columns());
        Optional<String> beyond = RowWords.beyond(mapped, table.columns());
        Set<String> wanted = Set.copyOf(rowHashes);
        String found =
                "MD5("
                        + RowWords.source(mapped, table.columns())
                        + ") IN ("
                        + wanted.stream().map(MysqlSql::literal).collect(Collectors.joining(", "))
                        + ")";
        String query =
                "SELECT "
                        + hash.words()
                        + ", "
                        + values(columns)
                        + from(table)
                        + " WHERE "
                        + beyond.map(condition -> found + " OR " + condition).orElse(found);
        Map<String, RowImage> images = new HashMap<>();
        try (SnapshotSession.Rows rows = session.stream(table.id(), query)) {
            while (rows.next()) {
                String rowHash = hash.of(rows.row(), 1);
                if (wanted.contains(rowHash)) {
                    images.put(rowHash, image(columns, rows.row(), 1 + columns.size()));
                }
            }
        } catch (SQLException e) {
            throw session.fault(table.id(), e);
        }
        return images;
    }

    /** Rows are taken away at the target only. */
    @Override
    public Map<String, List<RowPlace>> places(ComparedTable table, Collection<String> rowHashes) {
        throw new UnsupportedOperationException("MySQL has no places of rows");
    }

    private static List<MappedColumn> columns(MappedTable mapped, ComparedTable table) {
        return table.columns().stream().map(mapped::column).toList();
    }

    private static String from(ComparedTable table) {
        return " FROM " + MysqlSql.quote(table.id()) + " AS t";
    }

    private static String values(List<MappedColumn> columns) {
        return columns.stream()
                .map(column -> isSentAsItIs(column) ? column.loadSql() : column.sourceSql("t"))
                .collect(Collectors.joining(", "));
    }

    /** A function of MySQL would lose values that are longer than a packet. */
    private static boolean isSentAsItIs(MappedColumn column) {
        return switch (column.form()) {
            case TEXT, LABEL, JSON, BYTES -> true;
            default -> false;
        };
    }

    private static RowImage image(List<MappedColumn> columns, ResultSet row, int first)
            throws SQLException {
        String[] values = new String[columns.size()];
        for (int i = 0; i < values.length; i++) {
            byte[] value = row.getBytes(first + i);
            if (value != null) {
                values[i] =
                        switch (columns.get(i).form()) {
                            case BYTES -> "\\x" + HexFormat.of().formatHex(value);
                            default -> new String(value, StandardCharsets.UTF_8);
                        };
            }
        }
        return RowImage.of(values);
    }

    @Override
    public void close() {
        whenDone.accept(session);
    }
}
