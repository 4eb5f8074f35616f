package io.landbridge.schema.mysql.back;

import io.landbridge.schema.mysql.Form;
import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MysqlColumn;

/**
 * Renders one column's values for MySQL: the inverse of its {@link Form}. Whatever MySQL would
 * round, cut or take for something else is refused here, since it does so in silence; what it
 * refuses by itself under a strict sql_mode is left to it. The session must be in UTC and speak
 * utf8mb4, and its sql_mode must be without NO_BACKSLASH_ESCAPES. Immutable.
 */
public final class Literals {

    private final MappedColumn column;
    private final Rendering rendering;
    private final String ofNull;

    /** Gives the literal; what it returns holds no character that a value could break out with. */
    @FunctionalInterface
    interface Rendering {
        String of(String text) throws ValueRefused;
    }

    private Literals(MappedColumn column) {
        this.column = column;
        this.rendering = rendering(column);
        this.ofNull = ofNull(column);
    }

    public static Literals of(MappedColumn column) {
        return new Literals(column);
    }

    /**
     * The value as an SQL expression.
     *
     * @param text what PostgreSQL prints of it; null for NULL
     * @throws ValueRefused when the column can't hold it as it is
     */
    public String literal(String text) throws ValueRefused {
        if (text != null) {
            return rendering.of(text);
        }
        if (ofNull == null) {
            throw new ValueRefused(column.name(), "NULL where MySQL says NOT NULL");
        }
        return ofNull;
    }

    /** A zero date becomes NULL where none can stand at the source. */
    private static String ofNull(MappedColumn column) {
        MysqlColumn source = column.source();
        if (source.nullable()) {
            return "NULL";
        }
        if (column.zeroDateIsNull() && source.isDate()) {
            return source.dataType().equals("date") ? "'0000-00-00'" : "'0000-00-00 00:00:00'";
        }
        return null;
    }

    private static Rendering rendering(MappedColumn column) {
        return switch (column.form()) {
            case INTEGER -> text -> Numbers.integer(column, text);
            case BOOLEAN -> text -> Numbers.bool(column, text);
            case NUMERIC -> text -> Numbers.decimal(column, text);
            case DOUBLE -> text -> Numbers.floating(column, text);
            case BITS -> text -> Numbers.bits(column, text);
            case TEXT -> text -> Texts.text(column, text);
            case BYTES -> text -> Texts.bytes(column, text);
            case UUID -> text -> Texts.uuid(column, text);
            case DATE -> text -> Times.date(column, text);
            case DATETIME -> text -> Times.dateTime(column, text, "");
            case INSTANT -> text -> Times.dateTime(column, text, "+00");
            case TIME -> text -> Times.time(column, text);
            case LABEL -> Labels.text(column);
            case LABELS -> Labels.array(column);
            case JSON -> text -> JsonNumbers.json(column, text);
        };
    }

    static ValueRefused refused(MappedColumn column, String why) {
        return new ValueRefused(column.name(), why);
    }
}
