package io.landbridge.assess;

import io.landbridge.schema.mysql.MysqlColumn;
import io.landbridge.schema.mysql.MysqlForeignKey;
import io.landbridge.schema.mysql.MysqlIndex;
import io.landbridge.schema.mysql.MysqlTable;
import java.util.List;

/** Engines, keys, collations of unique keys, actions of foreign keys. */
final class MysqlTableCheck implements MysqlCheck {

    @Override
    public void run(MysqlSubject subject, Findings findings) {
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
                    "case does not count to this unique key in MySQL, and does in PostgreSQL: 'a'"
                            + " and 'A' may stand beside each other there, and a search finds one"
                            + " of them only ("
                            + Findings.list(caseless)
                            + ")",
                    "set schema.mapping.case-insensitive to citext or collation, or make the"
                            + " application spell keys one way");
        }
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
