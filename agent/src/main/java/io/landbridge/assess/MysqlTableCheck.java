package io.landbridge.assess;

import io.landbridge.schema.mysql.Form;
import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlColumn;
import io.landbridge.schema.mysql.MysqlForeignKey;
import io.landbridge.schema.mysql.MysqlIndex;
import io.landbridge.schema.mysql.MysqlSql;
import io.landbridge.schema.mysql.MysqlTable;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** Engines, keys, collations of unique keys, actions of foreign keys. */
final class MysqlTableCheck implements MysqlCheck {

    @Override
    public void run(MysqlSubject subject, Findings findings) throws SQLException {
        if (subject.tables().isEmpty()) {
            findings.blocker(
                    FindingCode.NO_TABLES,
                    "tables.include",
                    "no table fits",
                    "a pattern is DATABASE.TABLE; '*.*' means the tables of the URL's database");
        }
        for (MysqlTable table : subject.tables()) {
            engine(table, findings);
            if (table.key().isEmpty()) {
                findings.warning(
                        FindingCode.NO_KEY,
                        table.id().toString(),
                        "it has no primary key and no unique index over NOT NULL columns: it is"
                                + " copied under a lock that is held for a moment, and its updates"
                                + " are applied by whole rows, slowly",
                        "give it a primary key");
            }
            table.indexes().stream()
                    .filter(MysqlIndex::unique)
                    .forEach(index -> collation(table, index, findings));
            table.foreignKeys().forEach(key -> actions(table, key, findings));
        }
        for (MappedTable table : subject.mapped()) {
            for (MysqlIndex index : table.source().indexes()) {
                if (index.unique()) {
                    looser(table, index, subject.source(), findings);
                }
            }
        }
    }

    /**
     * Rows that differ to MySQL's unique key and not to the target's, which has no room for both.
     */
    private static void looser(
            MappedTable table, MysqlIndex index, MysqlInquiry source, Findings findings)
            throws SQLException {
        boolean asItIs = index.columns().stream().noneMatch(name -> isLooser(table.column(name)));
        if (asItIs) {
            return;
        }
        String key =
                index.columns().stream()
                        .map(name -> asTheTargetSeesIt(table.column(name)))
                        .collect(Collectors.joining(", "));
        List<List<String>> twice =
                source.rows(
                        "SELECT COUNT(*), CAST(MIN(k) AS CHAR) FROM (SELECT MIN(CONCAT_WS(', ', "
                                + MysqlSql.quoteAll(index.columns())
                                + ")) AS k FROM "
                                + MysqlSql.quote(table.sourceId())
                                + " GROUP BY "
                                + key
                                + " HAVING COUNT(*) > 1 AND COUNT(*) = COUNT(CONCAT("
                                + MysqlSql.quoteAll(index.columns())
                                + "))) AS twice");
        String count = twice.get(0).get(0);
        if (!count.equals("0")) {
            findings.blocker(
                    FindingCode.MYSQL_COLLATION,
                    table.sourceId() + "." + index.name(),
                    count
                            + " keys are there more than once when case does not count, as in the"
                            + " type they are mapped to, one of them: "
                            + twice.get(0).get(1),
                    "map these columns to a type to which case counts, or correct them");
        }
    }

    private static boolean isLooser(MappedColumn column) {
        return column.source().isText()
                && !column.source().collation().endsWith("_ci")
                && (column.type().endsWith("citext") || column.form() == Form.UUID);
    }

    private static String asTheTargetSeesIt(MappedColumn column) {
        String name = MysqlSql.quote(column.source().name());
        return isLooser(column) ? "LOWER(" + name + ")" : name;
    }

    private static void engine(MysqlTable table, Findings findings) {
        if (!table.engine().equalsIgnoreCase("InnoDB")) {
            findings.blocker(
                    FindingCode.MYSQL_ENGINE,
                    table.id().toString(),
                    "its engine is "
                            + table.engine()
                            + ", which has no snapshots: rows that are read while others are"
                            + " written belong to no one moment",
                    "ALTER TABLE " + table.id() + " ENGINE = InnoDB, or exclude it");
        }
    }

    private static void collation(MysqlTable table, MysqlIndex index, Findings findings) {
        List<String> caseless =
                index.columns().stream()
                        .map(table::column)
                        .filter(column -> column.isText() && column.collation().endsWith("_ci"))
                        .map(MysqlColumn::name)
                        .toList();
        if (!caseless.isEmpty()) {
            findings.warning(
                    FindingCode.MYSQL_COLLATION,
                    table.id() + "." + index.name(),
                    (index.columns().stream().anyMatch(name -> isAccentless(table.column(name)))
                                    ? "case and accents do"
                                    : "case does")
                            + " not count to this unique key in MySQL, and would in PostgreSQL: 'a'"
                            + " and 'A' may stand beside each other there, and a search finds one"
                            + " of them only ("
                            + Findings.list(caseless)
                            + ")",
                    "set schema.mapping.case-insensitive to citext or collation, or make the"
                            + " application spell keys one way");
        }
    }

    private static boolean isAccentless(MysqlColumn column) {
        return column.isText()
                && column.collation().endsWith("_ci")
                && !column.collation().contains("_as_");
    }

    /** PostgreSQL has these too; the log has their effects only from the top. */
    private static void actions(MysqlTable table, MysqlForeignKey key, Findings findings) {
        boolean cascades =
                List.of(key.onDelete(), key.onUpdate()).stream()
                        .anyMatch(action -> action.equals("CASCADE") || action.equals("SET NULL"));
        if (cascades) {
            findings.warning(
                    FindingCode.MYSQL_BINLOG,
                    table.id() + "." + key.name(),
                    "MySQL does not log what a foreign key's action (ON DELETE "
                            + key.onDelete()
                            + ", ON UPDATE "
                            + key.onUpdate()
                            + ") changes in this table, so that it can't be followed",
                    "let the application change these rows itself until the switch; what an action"
                            + " did is found by the validation, and put right by a repair");
        }
    }
}
