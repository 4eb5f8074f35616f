package io.landbridge.schema;

import io.landbridge.schema.PostgresRelations.Relation;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * DDL from the catalogue alone, as {@code pg_get_indexdef} and its like spell it: what there is,
 * and words for it where no pg_dump gives better ones.
 */
final class CatalogueDdl {

    /** Asked with the OIDs of the chosen tables. */
    private static final List<String> BY_TABLE =
            List.of(
                    "tables",
                    "defaults",
                    "sequence_owners",
                    "attachments",
                    "keys",
                    "indexes",
                    "index_attachments",
                    "replica_identities",
                    "statistics",
                    "checks",
                    "foreign_keys",
                    "validations",
                    "rules",
                    "triggers",
                    "policies",
                    "row_security",
                    "last");

    /** Asked with the OIDs of all objects in scope: what these need and what stands by itself. */
    private static final List<String> BY_OBJECT =
            List.of(
                    "schemas",
                    "extensions",
                    "types",
                    "functions",
                    "sequences",
                    "views",
                    "refreshes");

    /** What views have of the things that tables have. */
    private static final List<String> BY_VIEW = List.of("defaults", "indexes", "rules", "triggers");

    private CatalogueDdl() {}

    /** In no particular order; {@link DdlOrder} gives them one. */
    static List<DdlStatement> read(Connection connection, SchemaScope scope) throws SQLException {
        List<DdlStatement> statements = new ArrayList<>();
        Array tables = oids(connection, scope.tables(), Relation::oid);
        for (String name : BY_TABLE) {
            query(connection, name, statements, tables);
        }
        Array objects = oids(connection, scope.needs().keySet(), ObjectAddress::oid);
        List<DdlStatement> free = new ArrayList<>();
        for (String name : BY_OBJECT) {
            query(connection, name, free, objects);
        }
        free.removeIf(one -> !inScope(scope, one));
        statements.addAll(free);
        Array views =
                oids(
                        connection,
                        free.stream().filter(CatalogueDdl::isView).toList(),
                        view -> view.self().oid());
        for (String name : BY_VIEW) {
            query(connection, name, statements, views);
        }
        List<ObjectAddress> selves =
                statements.stream()
                        .map(DdlStatement::self)
                        .filter(self -> !self.equals(ObjectAddress.NONE))
                        .distinct()
                        .toList();
        query(
                connection,
                "comments",
                statements,
                oids(connection, selves, ObjectAddress::catalogue),
                oids(connection, selves, ObjectAddress::oid));
        return statements;
    }

    /** What has no statement of its own since it stands within a table's: by that table. */
    static Map<ObjectAddress, Set<ObjectAddress>> inlined(Connection connection, SchemaScope scope)
            throws SQLException {
        Map<ObjectAddress, Set<ObjectAddress>> inlined = new HashMap<>();
        Array tables = oids(connection, scope.tables(), Relation::oid);
        try (PreparedStatement query = connection.prepareStatement(SqlResource.ddl("inlined"))) {
            query.setArray(1, tables);
            query.setArray(2, tables);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    inlined.computeIfAbsent(
                                    ObjectAddress.relation(row.getLong("relation")),
                                    none -> new HashSet<>())
                            .add(new ObjectAddress(row.getLong("class"), row.getLong("oid")));
                }
            }
        }
        return inlined;
    }

    private static boolean isView(DdlStatement statement) {
        return statement.kind() == DdlKind.VIEW || statement.kind() == DdlKind.MATERIALIZED_VIEW;
    }

    /** OIDs are unique only within a catalogue. */
    private static boolean inScope(SchemaScope scope, DdlStatement statement) {
        boolean standsAlone = statement.self().equals(ObjectAddress.NONE);
        return scope.needs().containsKey(standsAlone ? statement.parent() : statement.self());
    }

    /** Appends what {@code ddl/NAME.sql} gives. */
    static void query(
            Connection connection, String name, List<DdlStatement> into, Array... parameters)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(SqlResource.ddl(name))) {
            int count = query.getParameterMetaData().getParameterCount();
            for (int i = 0; i < count; i++) {
                query.setArray(i + 1, parameters[Math.min(i, parameters.length - 1)]);
            }
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    into.add(statement(row));
                }
            }
        }
    }

    private static DdlStatement statement(ResultSet row) throws SQLException {
        DdlKind kind = DdlKind.valueOf(row.getString("kind"));
        ObjectAddress self = new ObjectAddress(row.getLong("class"), row.getLong("oid"));
        long relation = row.getLong("relation");
        ObjectAddress parent =
                relation == 0
                        ? kind == DdlKind.COMMENT ? self : ObjectAddress.NONE
                        : ObjectAddress.relation(relation);
        boolean known = self.catalogue() != 0 && kind != DdlKind.COMMENT;
        return new DdlStatement(
                kind,
                kind.stage(),
                known ? self : ObjectAddress.NONE,
                known && parent.equals(self) ? ObjectAddress.NONE : parent,
                row.getString("object"),
                row.getLong("key_index"),
                String.valueOf(row.getString("sql")),
                kind.undo(row.getString("object")));
    }

    private static <T> Array oids(Connection connection, Collection<T> of, ToLongFunction<T> oid)
            throws SQLException {
        return connection.createArrayOf("oid", of.stream().map(oid::applyAsLong).toArray());
    }
}
