package io.landbridge.schema.mysql;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.schema.Sequence;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where AUTO_INCREMENT stands, as the sequences that the target's columns count by. MySQL keeps the
 * next value; that is a sequence which stands at it and has not given it out yet.
 */
public final class MysqlSequences {

    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    private static final String NEXT =
            "SELECT auto_increment FROM information_schema.tables"
                    + " WHERE table_schema = ? AND table_name = ?";

    private MysqlSequences() {}

    /** One for each column that counts by itself on both sides, by the target's names. */
    public static List<Sequence> read(MysqlDatabase source, List<MappedTable> tables) {
        return source.with(
                "reading where AUTO_INCREMENT stands", connection -> read(connection, tables));
    }

    private static List<Sequence> read(Connection connection, List<MappedTable> tables)
            throws SQLException {
        List<Sequence> sequences = new ArrayList<>();
        for (MappedTable table : tables) {
            for (MappedColumn column : table.columns()) {
                if (column.source().autoIncrement() && column.identity()) {
                    sequences.add(sequence(table, column, next(connection, table.sourceId())));
                }
            }
        }
        return sequences;
    }

    /** The next value of a table; one that never had a row begins at 1. */
    static BigInteger next(Connection connection, TableId table) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(NEXT)) {
            query.setString(1, table.schema());
            query.setString(2, table.name());
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getString(1) != null
                        ? new BigInteger(row.getString(1))
                        : BigInteger.ONE;
            }
        }
    }

    /** Beyond the last value there is none to give: the sequence has given all. */
    private static Sequence sequence(MappedTable table, MappedColumn column, BigInteger next) {
        TableId target = table.targetId();
        long maximum =
                switch (column.type()) {
                    case "smallint" -> Short.MAX_VALUE;
                    case "integer" -> Integer.MAX_VALUE;
                    default -> Long.MAX_VALUE;
                };
        boolean over = next.compareTo(LARGEST) > 0 || next.longValueExact() > maximum;
        return new Sequence(
                new TableId(target.schema(), target.name() + "_" + column.name() + "_seq"),
                Optional.of(new Sequence.Owner(target, column.name(), true)),
                column.type(),
                1,
                1,
                1,
                maximum,
                false,
                1,
                over ? maximum : next.longValueExact(),
                over);
    }
}
