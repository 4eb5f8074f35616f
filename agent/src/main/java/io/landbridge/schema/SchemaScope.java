package io.landbridge.schema;

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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which objects of the source the target needs: the chosen tables with their partitions, objects of
 * other kinds whose names the patterns select, and everything that these depend on.
 *
 * @param tables the chosen tables and all partitions
 * @param roots for every one of {@code tables} the chosen table that it belongs to
 * @param needs who needs whom, all objects in scope being keys
 * @param kinds PostgreSQL's word for what an object is, and its name
 * @param omitted sentences on what stays behind and why
 * @param missing sentences on what chosen tables need and can't have
 */
record SchemaScope(
        List<Relation> tables,
        Map<Long, Long> roots,
        Map<ObjectAddress, Set<ObjectAddress>> needs,
        Map<ObjectAddress, Described> kinds,
        List<String> omitted,
        List<String> missing) {

    /** As {@code pg_identify_object} tells it. */
    record Described(String type, String name, String identity, boolean tableOutside) {}

    static SchemaScope read(
            Connection connection, PostgresRelations relations, TablePatterns patterns)
            throws SQLException {
        Map<Long, Long> roots = new LinkedHashMap<>();
        List<Relation> tables = new ArrayList<>();
        for (Relation root : relations.roots(patterns)) {
            for (Relation part : relations.tree(root)) {
                if (roots.putIfAbsent(part.oid(), root.oid()) == null) {
                    tables.add(part);
                }
            }
        }
        Map<ObjectAddress, String> free = freeObjects(connection, patterns);
        Map<ObjectAddress, Described> kinds = new HashMap<>();
        Map<ObjectAddress, Set<ObjectAddress>> needs =
                needs(connection, roots.keySet(), free.keySet(), kinds);

        Set<String> omitted = new TreeSet<>(foreignKeysOutside(connection, roots.keySet()));
        Set<ObjectAddress> dropped = new HashSet<>();
        for (ObjectAddress object : free.keySet()) {
            String outside = tableOutside(object, needs, kinds);
            if (!outside.isEmpty()) {
                omitted.add(free.get(object) + " needs " + outside + ", which does not move");
                dropped.add(object);
            }
        }
        Set<ObjectAddress> kept = new LinkedHashSet<>();
        Set<String> missing = new TreeSet<>();
        for (ObjectAddress start : needs.getOrDefault(ObjectAddress.NONE, Set.of())) {
            if (!dropped.contains(start)) {
                for (ObjectAddress object : reach(start, needs)) {
                    kept.add(object);
                    if (kinds.get(object).tableOutside()) {
                        missing.add(
                                describe(kinds.get(start))
                                        + " needs "
                                        + describe(kinds.get(object))
                                        + ", which does not move");
                    }
                }
            }
        }
        needs.keySet().retainAll(kept);
        kept.forEach(object -> needs.computeIfAbsent(object, none -> new LinkedHashSet<>()));
        return new SchemaScope(
                List.copyOf(tables),
                roots,
                needs,
                kinds,
                List.copyOf(omitted),
                List.copyOf(missing));
    }

    private static List<String> foreignKeysOutside(Connection connection, Set<Long> tables)
            throws SQLException {
        List<String> sentences = new ArrayList<>();
        try (PreparedStatement query =
                connection.prepareStatement(SqlResource.ddl("foreign_keys_outside"))) {
            Array oids = connection.createArrayOf("oid", tables.toArray());
            query.setArray(1, oids);
            query.setArray(2, oids);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    sentences.add(row.getString(1));
                }
            }
        }
        return sentences;
    }

    private static Map<ObjectAddress, String> freeObjects(
            Connection connection, TablePatterns patterns) throws SQLException {
        Map<ObjectAddress, String> free = new LinkedHashMap<>();
        try (PreparedStatement query =
                        connection.prepareStatement(SqlResource.ddl("free_objects"));
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                var name = new io.landbridge.change.TableId(row.getString(3), row.getString(4));
                if (patterns.fits(name)) {
                    free.put(new ObjectAddress(row.getLong(1), row.getLong(2)), name.toString());
                }
            }
        }
        return free;
    }

    private static Map<ObjectAddress, Set<ObjectAddress>> needs(
            Connection connection,
            Set<Long> tables,
            Set<ObjectAddress> free,
            Map<ObjectAddress, Described> kinds)
            throws SQLException {
        Map<ObjectAddress, Set<ObjectAddress>> needs = new LinkedHashMap<>();
        try (PreparedStatement query =
                connection.prepareStatement(SqlResource.ddl("dependencies"))) {
            query.setArray(1, connection.createArrayOf("oid", tables.toArray()));
            query.setArray(
                    2,
                    connection.createArrayOf(
                            "oid", free.stream().map(ObjectAddress::catalogue).toArray()));
            query.setArray(
                    3,
                    connection.createArrayOf(
                            "oid", free.stream().map(ObjectAddress::oid).toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    ObjectAddress from = new ObjectAddress(row.getLong(1), row.getLong(2));
                    ObjectAddress to = new ObjectAddress(row.getLong(3), row.getLong(4));
                    needs.computeIfAbsent(from, none -> new LinkedHashSet<>()).add(to);
                    kinds.put(
                            to,
                            new Described(
                                    String.valueOf(row.getString(6)),
                                    String.valueOf(row.getString(8)),
                                    String.valueOf(row.getString(7)),
                                    row.getBoolean(5)));
                }
            }
        }
        return needs;
    }

    private static String tableOutside(
            ObjectAddress object,
            Map<ObjectAddress, Set<ObjectAddress>> needs,
            Map<ObjectAddress, Described> kinds) {
        return reach(object, needs).stream()
                .map(kinds::get)
                .filter(Described::tableOutside)
                .map(SchemaScope::describe)
                .findFirst()
                .orElse("");
    }

    private static Set<ObjectAddress> reach(
            ObjectAddress start, Map<ObjectAddress, Set<ObjectAddress>> needs) {
        Set<ObjectAddress> reached = new LinkedHashSet<>(Set.of(start));
        List<ObjectAddress> open = new ArrayList<>(List.of(start));
        while (!open.isEmpty()) {
            for (ObjectAddress next : needs.getOrDefault(open.remove(open.size() - 1), Set.of())) {
                if (reached.add(next)) {
                    open.add(next);
                }
            }
        }
        return reached;
    }

    private static String describe(Described object) {
        return object.type() + " " + object.identity();
    }
}
