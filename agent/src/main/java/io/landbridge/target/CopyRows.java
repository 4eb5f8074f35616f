package io.landbridge.target;

import io.landbridge.change.RowImage;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Inserts rows with COPY in its text format.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-copy.html">COPY, File Formats</a>
 */
final class CopyRows {

    private static final int FLUSH_CHARS = 1 << 16;

    private final Connection connection;
    private final String sql;
    private final int[] columns;
    private final StringBuilder text = new StringBuilder();

    CopyRows(Connection connection, String sql, List<Integer> columns) {
        this.connection = connection;
        this.sql = sql;
        this.columns = columns.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Gives the number of rows that the server says it inserted. */
    long write(List<RowImage> rows) throws SQLException {
        CopyIn in = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            text.setLength(0);
            for (RowImage row : rows) {
                render(row);
                if (text.length() >= FLUSH_CHARS) {
                    flush(in);
                }
            }
            flush(in);
            return in.endCopy();
        } finally {
            if (in.isActive()) {
                in.cancelCopy();
            }
        }
    }

    private void flush(CopyIn in) throws SQLException {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        in.writeToCopy(bytes, 0, bytes.length);
        text.setLength(0);
    }

    private void render(RowImage row) {
        for (int i = 0; i < columns.length; i++) {
            if (i > 0) {
                text.append('\t');
            }
            String value = row.text(columns[i]);
            if (value == null) {
                text.append("\\N");
            } else {
                escape(value);
            }
        }
        text.append('\n');
    }

    private void escape(String value) {
        int done = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            char code =
                    switch (c) {
                        case '\\' -> '\\';
                        case '\n' -> 'n';
                        case '\r' -> 'r';
                        case '\t' -> 't';
                        default -> 0;
                    };
            if (code != 0) {
                text.append(value, done, i).append('\\').append(code);
                done = i + 1;
            }
        }
        text.append(value, done, value.length());
    }
}
