package io.landbridge.schema.mysql;

import io.landbridge.change.TableId;
import java.util.List;

/**
 * A base table as {@code information_schema} describes it.
 *
 * @param id database and name, as stored
 * @param engine {@code InnoDB}, or another one
 * @param collation the table's default
 * @param columns all of them, in their order
 * @param key names of the columns that tell rows apart: the primary key, else the unique index over
 *     whole NOT NULL columns with the fewest of them; empty when there is none
 * @param indexes all of them, the primary key too
 * @param foreignKeys those of this table
 * @param checks those that are enforced, and those that are not
 * @param partitioned whether MySQL keeps it in partitions; it is read as one
 * @param comment empty when there is none
 * @param estimatedRows by the statistics, which may be far off
 * @param bytes of its data, about
 */
public record MysqlTable(
        TableId id,
        String engine,
        String collation,
        List<MysqlColumn> columns,
        List<String> key,
        List<MysqlIndex> indexes,
        List<MysqlForeignKey> foreignKeys,
        List<MysqlCheck> checks,
        boolean partitioned,
        String comment,
        long estimatedRows,
        long bytes) {

    public MysqlTable {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        indexes = List.copyOf(indexes);
        foreignKeys = List.copyOf(foreignKeys);
        checks = List.copyOf(checks);
    }

    /** Whether {@code column} is a text that a check holds to be a JSON: MariaDB's type JSON. */
    boolean isJson(MysqlColumn column) {
        return column.isText() && checks.stream().anyMatch(check -> makesJson(check, column));
    }

    /** Whether {@code check} is part of a type JSON, and nothing that somebody thought of. */
    boolean isOfJson(MysqlCheck check) {
        return columns.stream().anyMatch(column -> column.isText() && makesJson(check, column));
    }

    private static boolean makesJson(MysqlCheck check, MysqlColumn column) {
        return column.dialect()
                .jsonCheck(MysqlSql.quote(column.name()))
                .filter(check.clause()::equals)
                .isPresent();
    }

    /** The column of this name; MySQL's column names don't differ by case only. */
    public MysqlColumn column(String name) {
        return columns.stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(id + " has no column " + name));
    }
}
