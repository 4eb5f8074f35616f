package io.landbridge.target;

import io.landbridge.change.RowImage;
import io.landbridge.change.RowKey;
import io.landbridge.change.TableLayout;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Writes sets of rows of one table of MySQL: inserts and deletes of many rows in a statement,
 * updates one by one but many in a round trip. The connection must be a {@link MysqlSession}'s:
 * what is counted is rows that were found, changed or not.
 */
final class MysqlRowWriter implements RowWriter {

    /** A statement ends behind the row that makes it so long. */
    private static final int STATEMENT_CHARS = 1 << 18;

    private final Connection connection;
    private final TableLayout layout;
    private final MysqlRowSql sql;
    private final String insertHead;

    MysqlRowWriter(Connection connection, MysqlTargetTable table, TableLayout layout) {
        this.connection = connection;
        this.layout = layout;
        this.sql = new MysqlRowSql(table, layout);
        this.insertHead = sql.insertHead();
    }

    @Override
    public long insert(List<RowImage> rows) throws SQLException {
        long inserted = 0;
        StringBuilder text = new StringBuilder();
        for (RowImage row : rows) {
            text.append(text.isEmpty() ? insertHead : ", ");
            sql.appendValues(text, row);
            inserted += runWhenLong(text, "");
        }
        return inserted + run(text, "");
    }

    /**
     * MySQL's ON DUPLICATE KEY UPDATE would update whatever row any unique index says is there; so
     * rows under these keys go first.
     */
    @Override
    public long upsert(List<RowImage> rows) throws SQLException {
        delete(rows.stream().map(layout::keyOf).toList());
        return insert(rows);
    }

    @Override
    public long update(List<RowImage> rows) throws SQLException {
        return rewrite(rows.stream().map(layout::keyOf).toList(), rows);
    }

    @Override
    public long rewrite(List<RowKey> keys, List<RowImage> rows) throws SQLException {
        long updated = 0;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            text.append(text.isEmpty() ? "" : ";");
            sql.appendUpdate(text, keys.get(i), rows.get(i));
            updated += runWhenLong(text, "");
        }
        return updated + run(text, "");
    }

    @Override
    public long delete(List<RowKey> keys) throws SQLException {
        long deleted = 0;
        String head = keys.isEmpty() ? "" : sql.deleteHead();
        StringBuilder text = new StringBuilder();
        for (RowKey key : keys) {
            text.append(text.isEmpty() ? head : ",");
            sql.appendKey(text, key);
            deleted += runWhenLong(text, ")");
        }
        return deleted + run(text, ")");
    }

    @Override
    public long deleteOne(RowImage row) throws SQLException {
        return run(sql.deleteOne(row));
    }

    @Override
    public long updateOne(RowImage before, RowImage after) throws SQLException {
        return run(sql.updateOne(before, after));
    }

    @Override
    public void deleteAll() throws SQLException {
        run(sql.deleteAll());
    }

    private long runWhenLong(StringBuilder text, String tail) throws SQLException {
        return text.length() < STATEMENT_CHARS ? 0 : run(text, tail);
    }

    /** Runs what is there, if anything, and clears it. */
    private long run(StringBuilder text, String tail) throws SQLException {
        if (text.isEmpty()) {
            return 0;
        }
        String statements = text.append(tail).toString();
        text.setLength(0);
        return run(statements);
    }

    /** Gives the rows that all of the statements found. */
    private long run(String statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(statements);
            long found = 0;
            long one = statement.getLargeUpdateCount();
            while (one >= 0) {
                found += one;
                statement.getMoreResults();
                one = statement.getLargeUpdateCount();
            }
            return found;
        }
    }
}
