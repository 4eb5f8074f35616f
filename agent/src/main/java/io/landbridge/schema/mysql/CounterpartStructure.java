package io.landbridge.schema.mysql;

import io.landbridge.change.TableId;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.schema.Table;
import io.landbridge.schema.structure.Aspect;
import io.landbridge.schema.structure.PostgresStructure;
import io.landbridge.schema.structure.StructureItem;
import io.landbridge.schema.structure.StructureReader;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * {@link StructureReader} of PostgreSQL in the words of {@link MysqlStructure}, for tables that
 * came from MySQL. A unique constraint and a unique index are one thing here, as they are there.
 */
public final class CounterpartStructure implements StructureReader {

    private static final TablesConfig NO_SEQUENCES = new TablesConfig(List.of(), List.of());

    private static final String INDEXES =
            """
            SELECT n.nspname, c.relname, i.indisprimary, i.indisunique, i.indisvalid,
                   (SELECT array_agg(a.attname::text ORDER BY k.place)
                    FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
                    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
                    WHERE k.place <= i.indnkeyatts)
            FROM unnest(?::text[], ?::text[]) AS w (s, t)
            JOIN pg_namespace n ON n.nspname = w.s
            JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.t
            JOIN pg_index i ON i.indrelid = c.oid AND i.indexprs IS NULL AND i.indpred IS NULL
            JOIN pg_class x ON x.oid = i.indexrelid
            JOIN pg_am m ON m.oid = x.relam AND m.amname = 'btree'""";

    private static final String FOREIGN_KEYS =
            """
            SELECT n.nspname, c.relname, rn.nspname, r.relname, k.convalidated,
                   (SELECT array_agg(a.attname::text ORDER BY u.place)
                    FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place)
                    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number),
                   (SELECT array_agg(a.attname::text ORDER BY u.place)
                    FROM unnest(k.confkey) WITH ORDINALITY AS u (number, place)
                    JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number),
                   k.confupdtype, k.confdeltype
            FROM unnest(?::text[], ?::text[]) AS w (s, t)
            JOIN pg_namespace n ON n.nspname = w.s
            JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.t
            JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f'
            JOIN pg_class r ON r.oid = k.confrelid
            JOIN pg_namespace rn ON rn.oid = r.relnamespace""";

    private final Database target;

    public CounterpartStructure(Database target) {
        this.target = target;
    }

    @Override
    public Set<Aspect> aspects() {
        return MysqlStructure.ASPECTS;
    }

    @Override
    public List<StructureItem> read(Collection<Table> tables) {
        List<StructureItem> items = new ArrayList<>();
        for (StructureItem item : new PostgresStructure(target, NO_SEQUENCES).read(tables)) {
            switch (item.aspect()) {
                case COLUMN, TYPE, NOT_NULL -> items.add(item);
                case DEFAULT -> {
                    if (item.definition().endsWith("AS IDENTITY")) {
                        items.add(
                                new StructureItem(
                                        item.table(),
                                        Aspect.DEFAULT,
                                        item.name(),
                                        MysqlStructure.IDENTITY));
                    }
                }
                default -> {
                    // Told below, or not at all.
                }
            }
        }
        return target.with(
                "reading keys and indexes",
                connection -> {
                    indexes(connection, tables, items);
                    foreignKeys(connection, tables, items);
                    return items;
                });
    }

    private static void indexes(
            Connection connection, Collection<Table> tables, List<StructureItem> items)
            throws SQLException {
        try (PreparedStatement query = prepare(connection, INDEXES, tables);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                List<String> columns = texts(row.getArray(6));
                boolean primary = row.getBoolean(3);
                Aspect aspect =
                        primary
                                ? Aspect.CONSTRAINT
                                : row.getBoolean(4) ? Aspect.UNIQUE_INDEX : Aspect.INDEX;
                items.add(
                        new StructureItem(
                                new TableId(row.getString(1), row.getString(2)),
                                aspect,
                                primary
                                        ? StructureWords.primaryKey(columns)
                                        : StructureWords.columns(columns),
                                valid(row.getBoolean(5))));
            }
        }
    }

    private static void foreignKeys(
            Connection connection, Collection<Table> tables, List<StructureItem> items)
            throws SQLException {
        try (PreparedStatement query = prepare(connection, FOREIGN_KEYS, tables);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                items.add(
                        new StructureItem(
                                new TableId(row.getString(1), row.getString(2)),
                                Aspect.CONSTRAINT,
                                StructureWords.foreignKey(
                                        texts(row.getArray(6)),
                                        new TableId(row.getString(3), row.getString(4)),
                                        texts(row.getArray(7)),
                                        action(row.getString(8)),
                                        action(row.getString(9))),
                                valid(row.getBoolean(5))));
            }
        }
    }

    private static String valid(boolean valid) {
        return valid ? MysqlStructure.VALID : "not valid";
    }

    private static String action(String letter) {
        return switch (letter) {
            case "c" -> "CASCADE";
            case "n" -> "SET NULL";
            case "d" -> "SET DEFAULT";
            case "r" -> "RESTRICT";
            default -> "NO ACTION";
        };
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    private static PreparedStatement prepare(
            Connection connection, String query, Collection<Table> tables) throws SQLException {
        PreparedStatement select = connection.prepareStatement(query);
        Object[] schemas = tables.stream().map(table -> table.id().schema()).toArray();
        Object[] names = tables.stream().map(table -> table.id().name()).toArray();
        select.setArray(1, connection.createArrayOf("text", schemas));
        select.setArray(2, connection.createArrayOf("text", names));
        return select;
    }
}
