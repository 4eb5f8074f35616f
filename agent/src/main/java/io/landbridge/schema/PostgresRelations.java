package io.landbridge.schema;

import io.landbridge.change.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The permanent tables of a database and how partitions hang together, read in one round trip; and
 * the choice which of them move. Immutable; one reading of the catalogue.
 */
final class PostgresRelations {

    /** PostgreSQL 13 can publish a partitioned table under its own name; 12 only its leaves. */
    private static final int PUBLISHES_PARTITIONED = 130000;

    private static final String QUERY =
            """
            select c.oid::int8, n.nspname, c.relname, c.relkind = 'p', c.relreplident,
                   greatest(c.reltuples, 0)::int8, i.inhparent::int8
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            left join pg_inherits i on c.relispartition and i.inhrelid = c.oid
            where c.relkind in ('r', 'p') and c.relpersistence = 'p'
              and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'landbridge')
              and not exists (select 1 from pg_depend d
                              where d.classid = 'pg_class'::regclass and d.objid = c.oid
                                and d.deptype = 'e')
            order by n.nspname collate "C", c.relname collate "C"
            """;

    /**
     * A row of {@code pg_class}.
     *
     * @param parent the partitioned table that it is a partition of; 0 when it is none
     */
    record Relation(
            long oid,
            TableId id,
            boolean partitioned,
            String replicaIdentity,
            long estimatedRows,
            long parent) {}

    private final Map<Long, Relation> byOid = new LinkedHashMap<>();
    private final Map<Long, List<Relation>> partitionsOf = new HashMap<>();
    private final boolean publishesPartitioned;

    private PostgresRelations(boolean publishesPartitioned) {
        this.publishesPartitioned = publishesPartitioned;
    }

    static PostgresRelations read(Connection connection) throws SQLException {
        PostgresRelations relations =
                new PostgresRelations(serverVersion(connection) >= PUBLISHES_PARTITIONED);
        try (PreparedStatement query = connection.prepareStatement(QUERY);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                relations.add(
                        new Relation(
                                row.getLong(1),
                                new TableId(row.getString(2), row.getString(3)),
                                row.getBoolean(4),
                                row.getString(5),
                                row.getLong(6),
                                row.getLong(7)));
            }
        }
        return relations;
    }

    /**
     * Tables to list: whole partitioned tables where they can be published, their leaves where not;
     * a partition that was asked for without its root stands for itself.
     */
    List<Relation> chosen(TablePatterns patterns) {
        return byOid.values().stream()
                .filter(relation -> !patterns.isExcluded(relation.id()))
                .filter(
                        relation -> {
                            boolean above = isBelowIncluded(relation, patterns);
                            boolean asked = above || patterns.isIncluded(relation.id());
                            return publishesPartitioned
                                    ? asked && !above
                                    : asked && !relation.partitioned();
                        })
                .toList();
    }

    List<Relation> named(Set<TableId> names) {
        return byOid.values().stream().filter(relation -> names.contains(relation.id())).toList();
    }

    /** Every table that was asked for and stands under no other that was. */
    List<Relation> roots(TablePatterns patterns) {
        return byOid.values().stream()
                .filter(relation -> patterns.fits(relation.id()))
                .filter(relation -> !isBelowIncluded(relation, patterns))
                .toList();
    }

    /** The table and, when it is partitioned, everything below it. */
    List<Relation> tree(Relation root) {
        List<Relation> tree = new ArrayList<>(List.of(root));
        for (int i = 0; i < tree.size(); i++) {
            tree.addAll(partitionsOf.getOrDefault(tree.get(i).oid(), List.of()));
        }
        return tree;
    }

    private boolean isBelowIncluded(Relation relation, TablePatterns patterns) {
        for (Relation above = byOid.get(relation.parent());
                above != null;
                above = byOid.get(above.parent())) {
            if (patterns.fits(above.id())) {
                return true;
            }
        }
        return false;
    }

    private void add(Relation relation) {
        byOid.put(relation.oid(), relation);
        if (relation.parent() != 0) {
            partitionsOf.computeIfAbsent(relation.parent(), oid -> new ArrayList<>()).add(relation);
        }
    }

    private static int serverVersion(Connection connection) throws SQLException {
        try (PreparedStatement query =
                        connection.prepareStatement(
                                "select current_setting('server_version_num')::int4");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }
}
