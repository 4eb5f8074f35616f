package io.landbridge.schema;

import io.landbridge.config.SchemaConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import java.util.ArrayList;
import java.util.List;

/**
 * What making the target's schema would take; nothing is made.
 *
 * @param way how the DDL is obtained, for people
 * @param missing sentences on what chosen tables need and can't have
 * @param unsupported objects whose DDL only pg_dump can spell, when there is none
 * @param leftOut sentences on what stays behind and why
 * @param extensions names of the extensions that are needed
 * @param roles names of the roles that policies speak of
 */
public record SchemaPreview(
        String way,
        List<String> missing,
        List<String> unsupported,
        List<String> leftOut,
        List<String> extensions,
        List<String> roles) {

    private static final String ROLES =
            """
            select distinct r.rolname
            from pg_policy p
            join pg_class c on c.oid = p.polrelid
            join pg_namespace n on n.oid = c.relnamespace
            join unnest(?::text[], ?::text[]) as w (s, t) on n.nspname = w.s and c.relname = w.t
            cross join lateral unnest(p.polroles) as o (oid)
            join pg_roles r on r.oid = o.oid
            """;

    /**
     * Reads the source; the same as {@link TargetSchema#prepare} would.
     *
     * @param tables those that {@code wanted} selects
     */
    public static SchemaPreview of(
            Database source, SchemaConfig config, TablesConfig wanted, List<Table> tables) {
        SourceDdl.Result result = SourceDdl.read(source, config, new TablePatterns(wanted));
        return new SchemaPreview(
                result.way(),
                result.missing(),
                result.unsupported(),
                result.notes(),
                result.extensions(),
                roles(source, tables));
    }

    private static List<String> roles(Database source, List<Table> tables) {
        return source.with(
                "reading policies",
                connection -> {
                    try (var query = connection.prepareStatement(ROLES)) {
                        query.setArray(
                                1,
                                connection.createArrayOf(
                                        "text",
                                        tables.stream().map(t -> t.id().schema()).toArray()));
                        query.setArray(
                                2,
                                connection.createArrayOf(
                                        "text", tables.stream().map(t -> t.id().name()).toArray()));
                        List<String> roles = new ArrayList<>();
                        try (var row = query.executeQuery()) {
                            while (row.next()) {
                                roles.add(row.getString(1));
                            }
                        }
                        return roles;
                    }
                });
    }
}
