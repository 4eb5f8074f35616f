package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which leaf belongs to which partitioned table. */
public final class Partitions {

    private static final String LEAVES =
            " FROM pg_class root JOIN pg_namespace rn ON rn.oid = root.relnamespace"
                    + " CROSS JOIN LATERAL pg_partition_tree(root.oid) tree"
                    + " JOIN pg_class leaf ON leaf.oid = tree.relid"
                    + " JOIN pg_namespace ln ON ln.oid = leaf.relnamespace"
                    + " WHERE root.relkind = 'p' AND NOT root.relispartition AND tree.isleaf";

    private Partitions() {}

    /** Every leaf of every partitioned table, with its root. */
    public static Map<TableId, TableId> roots(Database source) {
        return source.with(
                "reading partitions",
                connection -> {
                    Map<TableId, TableId> roots = new HashMap<>();
                    try (PreparedStatement select =
                                    connection.prepareStatement(
                                            "SELECT ln.nspname, leaf.relname, rn.nspname,"
                                                    + " root.relname"
                                                    + LEAVES);
                            ResultSet rows = select.executeQuery()) {
                        while (rows.next()) {
                            roots.put(
                                    new TableId(rows.getString(1), rows.getString(2)),
                                    new TableId(rows.getString(3), rows.getString(4)));
                        }
                    }
                    return roots;
                });
    }

    static List<TableId> leavesOf(Connection connection, TableId root) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(
                        "SELECT ln.nspname, leaf.relname"
                                + LEAVES
                                + " AND rn.nspname = ? AND root.relname = ?")) {
            select.setString(1, root.schema());
            select.setString(2, root.name());
            List<TableId> leaves = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    leaves.add(new TableId(rows.getString(1), rows.getString(2)));
                }
            }
            return leaves;
        }
    }
}
