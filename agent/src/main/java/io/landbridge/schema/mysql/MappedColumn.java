package io.landbridge.schema.mysql;

import io.landbridge.schema.Column;
import io.landbridge.schema.Sql;

/**
 * A column of MySQL and what it becomes.
 *
 * @param source what MySQL has
 * @param name at the target
 * @param type the target's, as {@code format_type} spells it
 * @param form how a value is carried
 * @param nullable whether NULL may stand in it at the target
 * @param generated whether the target computes it by itself; else its values are carried, also
 *     those that MySQL computes
 * @param identity whether it counts by itself at the target
 * @param zeroDateIsNull whether a date without a year, a month or a day becomes NULL; else such a
 *     date is refused
 */
public record MappedColumn(
        MysqlColumn source,
        String name,
        String type,
        Form form,
        boolean nullable,
        boolean generated,
        boolean identity,
        boolean zeroDateIsNull) {

    /** The column as the rest of the product knows it. */
    public Column asColumn() {
        return new Column(
                name,
                type,
                !nullable,
                generated,
                identity ? Column.Identity.BY_DEFAULT : Column.Identity.NONE);
    }

    /**
     * A MySQL expression over the column that gives what COPY's text format takes for it once it is
     * wrapped as {@link Form#wire()} says: as little work for MySQL as there can be.
     */
    public String loadSql() {
        return zeroSafe(form.load(MysqlSql.quote(source.name()), source));
    }

    /**
     * A MySQL expression of type utf8mb4 that gives the value's canonical text, or NULL: what
     * {@link #targetSql} gives for the same value, byte for byte. The session's time zone must be
     * UTC.
     *
     * @param alias the table's in the statement, unquoted
     */
    public String sourceSql(String alias) {
        String column = alias + "." + MysqlSql.quote(source.name());
        return zeroSafe(column, form.text(column, source));
    }

    /**
     * A PostgreSQL expression of type text that gives the value's canonical text, or NULL, under
     * the settings of {@link io.landbridge.jdbc.Database}'s sessions.
     *
     * @param alias the table's in the statement, unquoted
     */
    public String targetSql(String alias) {
        return form.targetText(alias + "." + Sql.quote(name));
    }

    /**
     * A MySQL expression of type utf8mb4 for a text that equal values have, and others don't, or
     * NULL: what {@link #targetProof} gives for the same value, byte for byte. Shorter than {@link
     * #sourceSql} where that is long. Where the {@link #isRespelled} text needs it, none is right.
     *
     * @param alias the table's in the statement, unquoted
     */
    public String sourceProof(String alias) {
        String column = alias + "." + MysqlSql.quote(source.name());
        return zeroSafe(column, form.proof(column, source));
    }

    /** As {@link #sourceProof}, of PostgreSQL. */
    public String targetProof(String alias) {
        return form.targetProof(alias + "." + Sql.quote(name), source);
    }

    /** Whether a proof may hold any character, commas, too. */
    public boolean hasFreeProof() {
        return form.isFree(source);
    }

    /** Whether PostgreSQL spells numbers of it anew: JSON that is kept as jsonb. */
    public boolean isRespelled() {
        return form == Form.JSON && type.equals("jsonb");
    }

    private String zeroSafe(String expression) {
        return zeroSafe(MysqlSql.quote(source.name()), expression);
    }

    /** PostgreSQL has no year 0 either: what it calls 1 BC is no date of MySQL's. */
    private String zeroSafe(String column, String expression) {
        return zeroDateIsNull && source.isDate()
                ? "IF(YEAR(%1$s) = 0 OR MONTH(%1$s) = 0 OR DAYOFMONTH(%1$s) = 0, NULL, %2$s)"
                        .formatted(column, expression)
                : expression;
    }
}
