package io.landbridge.schema.mysql;

import io.landbridge.schema.Sql;

/**
 * Collations of PostgreSQL to which case doesn't count, nor accents where MySQL's takes no notice
 * of them either: ICU's, so not deterministic.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/17/collation.html#COLLATION-NONDETERMINISTIC">collations</a>
 */
final class CaselessCollation {

    private static final String ACCENTS_COUNT = "mysql_as_ci";
    private static final String LETTERS_ONLY = "mysql_ai_ci";

    private CaselessCollation() {}

    /** The collation's name for {@code column}; it lives in the table's schema. */
    static String of(MappedTable table, MappedColumn column) {
        return name(
                table.targetId().schema(),
                column.source().collation().contains("_as_") ? ACCENTS_COUNT : LETTERS_ONLY);
    }

    /** What makes both in a schema. */
    static String create(String schema) {
        return create(schema, LETTERS_ONLY, "level1")
                + "; "
                + create(schema, ACCENTS_COUNT, "level2");
    }

    private static String create(String schema, String collation, String strength) {
        return "CREATE COLLATION IF NOT EXISTS "
                + name(schema, collation)
                + " (provider = icu, locale = 'und-u-ks-"
                + strength
                + "', deterministic = false)";
    }

    private static String name(String schema, String collation) {
        return Sql.quote(schema) + '.' + Sql.quote(collation);
    }
}
