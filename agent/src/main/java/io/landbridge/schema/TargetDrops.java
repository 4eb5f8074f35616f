package io.landbridge.schema;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.PostgresRelations.Relation;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What tables that were there before us have and the load should not meet: foreign keys, and every
 * index but the key's. Indexes that outside tables refer to, or that are a replica identity, stay.
 */
final class TargetDrops {

    private record Index(
            long oid, long parent, long relation, String object, boolean stays, String drop) {}

    private record ForeignKey(
            long relation, String object, String drop, String add, String validate) {}

    private final Map<Long, TableId> tables = new HashMap<>();
    private final Map<Long, Long> weights = new HashMap<>();
    private final Map<Long, Index> indexes = new LinkedHashMap<>();
    private final List<ForeignKey> foreignKeys = new ArrayList<>();
    private final List<DdlStatement> definitions = new ArrayList<>();

    private TargetDrops() {}

    /**
     * @param keys the key columns of each table, empty when it has none
     */
    static TargetDrops read(
            Database target, Set<TableId> present, Map<TableId, List<String>> keys) {
        return target.inTransaction(
                "reading which indexes to rebuild",
                connection -> {
                    TargetDrops drops = new TargetDrops();
                    drops.read(connection, present, keys);
                    return drops;
                });
    }

    private void read(Connection connection, Set<TableId> present, Map<TableId, List<String>> keys)
            throws SQLException {
        PostgresRelations relations = PostgresRelations.read(connection);
        for (Relation root : relations.named(present)) {
            for (Relation part : relations.tree(root)) {
                tables.put(part.oid(), root.id());
                weights.put(part.oid(), part.estimatedRows());
            }
        }
        Array oids = connection.createArrayOf("oid", tables.keySet().toArray());
        readIndexes(connection, oids, keys);
        readForeignKeys(connection, oids);
        for (String query : List.of("keys", "indexes", "index_attachments")) {
            CatalogueDdl.query(connection, query, definitions, oids);
        }
    }

    private void readIndexes(Connection connection, Array oids, Map<TableId, List<String>> keys)
            throws SQLException {
        Set<TableId> keyed = new HashSet<>();
        try (PreparedStatement query = connection.prepareStatement(SqlResource.ddl("droppable"))) {
            query.setArray(1, oids);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    TableId table = tables.get(row.getLong("relation"));
                    boolean top = row.getLong("parent") == 0;
                    Set<String> key = Set.copyOf(keys.getOrDefault(table, List.of()));
                    boolean isKey =
                            top
                                    && row.getBoolean("plain")
                                    && !key.isEmpty()
                                    && key.equals(columns(row))
                                    && keyed.add(table);
                    indexes.put(
                            row.getLong("oid"),
                            new Index(
                                    row.getLong("oid"),
                                    row.getLong("parent"),
                                    row.getLong("relation"),
                                    row.getString("object"),
                                    isKey || row.getBoolean("stays"),
                                    row.getString("sql")));
                }
            }
        }
    }

    private static Set<String> columns(ResultSet row) throws SQLException {
        Array columns = row.getArray("columns");
        return columns == null ? Set.of() : Set.of((String[]) columns.getArray());
    }

    private void readForeignKeys(Connection connection, Array oids) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(SqlResource.ddl("droppable_foreign_keys"))) {
            query.setArray(1, oids);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    foreignKeys.add(
                            new ForeignKey(
                                    row.getLong("relation"),
                                    row.getString("object"),
                                    row.getString("drop"),
                                    row.getString("add"),
                                    row.getString("validate")));
                }
            }
        }
    }

    /** Drops, then definitions that make the dropped again; numbered from {@code first}. */
    List<SchemaStep> steps(int first) {
        List<SchemaStep> steps = new ArrayList<>();
        for (ForeignKey key : foreignKeys) {
            int drop = add(steps, first, DdlKind.DROP, 0, key.relation(), key.object(), key.drop());
            int made =
                    add(
                            steps,
                            first,
                            DdlKind.FOREIGN_KEY,
                            drop,
                            key.relation(),
                            key.object(),
                            key.add());
            if (!key.validate().isEmpty()) {
                add(
                        steps,
                        first,
                        DdlKind.VALIDATION,
                        made,
                        key.relation(),
                        key.object(),
                        key.validate());
            }
        }
        Map<Long, Integer> dropped = new HashMap<>();
        for (Index index : indexes.values()) {
            if (index.parent() == 0 && !index.stays()) {
                dropped.put(
                        index.oid(),
                        add(
                                steps,
                                first,
                                DdlKind.DROP,
                                0,
                                index.relation(),
                                index.object(),
                                index.drop()));
            }
        }
        for (DdlStatement definition : definitions) {
            Integer drop = dropped.get(top(definition.index()));
            if (drop != null) {
                add(
                        steps,
                        first,
                        definition.kind(),
                        drop,
                        definition.parent().oid(),
                        definition.object(),
                        definition.sql());
            }
        }
        return steps;
    }

    private long top(long index) {
        Index found = indexes.get(index);
        while (found != null && found.parent() != 0) {
            found = indexes.get(found.parent());
        }
        return found == null ? 0 : found.oid();
    }

    private int add(
            List<SchemaStep> steps,
            int first,
            DdlKind kind,
            int parent,
            long relation,
            String object,
            String sql) {
        int number = first + steps.size();
        steps.add(
                new SchemaStep(
                        number,
                        kind.stage(),
                        kind,
                        object,
                        parent,
                        Optional.ofNullable(tables.get(relation)),
                        weights.getOrDefault(relation, 0L),
                        sql,
                        "",
                        Optional.empty()));
        return number;
    }
}
