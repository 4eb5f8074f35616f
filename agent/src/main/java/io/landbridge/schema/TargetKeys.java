package io.landbridge.schema;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which columns of the target's tables identify a row there: those of every usable unique index.
 */
public final class TargetKeys {

    private static final String QUERY =
            """
            select n.nspname, c.relname,
                   (select array_agg(a.attname::text) from pg_attribute a
                    where a.attrelid = c.oid
                      and a.attnum = any ((x.indkey::int2[])[0:x.indnkeyatts - 1]))
            from pg_index x
            join pg_class c on c.oid = x.indrelid
            join pg_namespace n on n.oid = c.relnamespace
            join pg_class i on i.oid = x.indexrelid
            join pg_am m on m.oid = i.relam
            where x.indisunique and x.indimmediate and x.indisvalid and x.indpred is null
              and x.indexprs is null and m.amname = 'btree' and n.nspname !~ '^pg_'
            """;

    private final Map<TableId, List<Set<String>>> keys = new HashMap<>();

    private TargetKeys() {}

    /** All of the target's. */
    public static TargetKeys read(Database target) {
        return target.with(
                "reading the target's keys",
                connection -> {
                    TargetKeys read = new TargetKeys();
                    try (PreparedStatement query = connection.prepareStatement(QUERY);
                            ResultSet row = query.executeQuery()) {
                        while (row.next()) {
                            read.keys
                                    .computeIfAbsent(
                                            new TableId(row.getString(1), row.getString(2)),
                                            none -> new ArrayList<>())
                                    .add(Set.of((String[]) row.getArray(3).getArray()));
                        }
                    }
                    return read;
                });
    }

    /** Whether a usable unique index is just over {@code columns}, in whatever order. */
    public boolean has(TableId table, List<String> columns) {
        return keys.getOrDefault(table, List.of()).contains(Set.copyOf(columns));
    }
}
