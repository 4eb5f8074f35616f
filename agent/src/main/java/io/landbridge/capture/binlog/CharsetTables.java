package io.landbridge.capture.binlog;

import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MappedTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Asks a server what the bytes of its single-byte character sets mean. */
final class CharsetTables {

    private static final int BYTES = 256;

    private CharsetTables() {}

    /** The sets that texts of {@code tables} are in. */
    static Charsets read(MysqlDatabase source, Collection<MappedTable> tables) {
        TreeSet<String> names =
                tables.stream()
                        .flatMap(table -> table.columns().stream())
                        .map(MappedColumn::source)
                        .filter(column -> column.isText())
                        .map(column -> column.charset())
                        .filter(Charsets::isSingleByte)
                        .collect(Collectors.toCollection(TreeSet::new));
        Map<String, char[]> known = new HashMap<>();
        for (String name : names) {
            known.put(
                    name,
                    source.with(
                            "asking what " + name + " means",
                            connection -> {
                                try (Statement statement = connection.createStatement()) {
                                    return table(statement, name);
                                }
                            }));
        }
        return new Charsets(known);
    }

    private static char[] table(Statement statement, String charset) throws SQLException {
        String each =
                IntStream.range(0, BYTES)
                        .mapToObj(
                                value ->
                                        "HEX(CONVERT(_%s 0x%02x USING utf16))"
                                                .formatted(charset, value))
                        .collect(Collectors.joining(", "));
        try (ResultSet row = statement.executeQuery("SELECT " + each)) {
            row.next();
            char[] table = new char[BYTES];
            for (int i = 0; i < BYTES; i++) {
                table[i] = (char) Integer.parseInt(row.getString(i + 1), 16);
            }
            return table;
        }
    }
}
