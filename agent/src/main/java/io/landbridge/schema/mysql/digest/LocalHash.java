package io.landbridge.schema.mysql.digest;

import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MappedTable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Hashes rows here that MySQL gives the words of: the same hash as that of {@link RowWords}, also
 * where a JSON is to be spelled anew. Owned by one thread.
 */
final class LocalHash {

    private final List<MappedColumn> columns;
    private final MessageDigest md5;

    LocalHash(MappedTable table, List<String> columns) {
        this.columns = columns.stream().map(table::column).toList();
        try {
            this.md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** Expressions of MySQL over {@code t}, one for each column: what {@link #of} reads. */
    String words() {
        return columns.stream().map(LocalHash::word).collect(Collectors.joining(", "));
    }

    /** As {@link #words}, each with a name; NULL for rows that don't meet {@code condition}. */
    String wordsWhere(String condition) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            words.append(i == 0 ? "" : ", ")
                    .append("IF(")
                    .append(condition)
                    .append(", ")
                    .append(word(columns.get(i)))
                    .append(", NULL) AS w")
                    .append(i);
        }
        return words.toString();
    }

    private static String word(MappedColumn column) {
        return column.isRespelled() ? column.sourceSql("t") : RowWords.word(column);
    }

    /** The hash of a row whose words stand in {@code row} from column {@code first} on. */
    String of(ResultSet row, int first) throws SQLException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            text.append(i == 0 ? "" : ",").append(word(row, first, i));
        }
        return hash(text.toString());
    }

    /** The hash of the row's column {@code i} alone. */
    String ofColumn(ResultSet row, int first, int i) throws SQLException {
        return hash(word(row, first, i));
    }

    private String word(ResultSet row, int first, int i) throws SQLException {
        String word = row.getString(first + i);
        if (!columns.get(i).isRespelled()) {
            return word;
        }
        return word == null ? "" : hash(JsonSpelling.ofJsonb(word));
    }

    private String hash(String text) {
        return HexFormat.of().formatHex(md5.digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
