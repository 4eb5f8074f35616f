package io.landbridge.schema.mysql;

import io.landbridge.jdbc.dialect.Dialect;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * A column as {@code information_schema.columns} describes it.
 *
 * @param dialect whose words expressions over it are in
 * @param name as stored
 * @param position in the table, from 0, every column counted: generated and invisible ones, too.
 *     Row images of the binary log count the same way
 * @param columnType the whole type as MySQL spells it, in lower case but for labels: {@code bigint
 *     unsigned}, {@code enum('a','B')}
 * @param dataType the type alone: {@code bigint}, {@code enum}
 * @param unsigned whether it holds no negative number
 * @param nullable whether NULL may stand in it
 * @param length most characters of a text, most bytes of a binary type; 0 for other types
 * @param precision digits of a decimal, bits of a BIT, M of a FLOAT(M,D); 0 for other types
 * @param scale decimals of a decimal or of FLOAT(M,D) and DOUBLE(M,D); empty when the type has no
 *     fixed number of them
 * @param fraction digits of a second's fraction, 0 to 6; 0 for other types
 * @param charset character set of a text, an enum or a set; empty for other types
 * @param collation likewise
 * @param labels of an enum or a set, in their order, unescaped; empty for other types
 * @param defaultValue text of the default, or the expression in MySQL's words; empty for none or
 *     NULL
 * @param defaultExpression whether {@code defaultValue} is an expression, not a value
 * @param generation whether MySQL computes it, and when
 * @param expression what a generated column is computed from, in MySQL's words; else empty
 * @param autoIncrement whether it counts by itself
 * @param onUpdateNow whether every update of the row sets it to the time
 * @param invisible whether {@code SELECT *} leaves it out
 * @param srid the spatial reference system that a geometry column is bound to
 * @param comment empty when there is none
 */
public record MysqlColumn(
        Dialect dialect,
        String name,
        int position,
        String columnType,
        String dataType,
        boolean unsigned,
        boolean nullable,
        long length,
        int precision,
        Optional<Integer> scale,
        int fraction,
        String charset,
        String collation,
        List<String> labels,
        Optional<String> defaultValue,
        boolean defaultExpression,
        Generation generation,
        String expression,
        boolean autoIncrement,
        boolean onUpdateNow,
        boolean invisible,
        Optional<Long> srid,
        String comment) {

    /** Whether and when MySQL computes a column. */
    public enum Generation {
        NONE,
        STORED,
        /** When it is read. */
        VIRTUAL
    }

    public MysqlColumn {
        labels = List.copyOf(labels);
    }

    public boolean isGenerated() {
        return generation != Generation.NONE;
    }

    /** The largest number of a column that counts by itself. */
    BigInteger largest() {
        int bits =
                switch (dataType) {
                    case "tinyint" -> 8;
                    case "smallint" -> 16;
                    case "mediumint" -> 24;
                    case "int" -> 32;
                    default -> 64;
                };
        return BigInteger.TWO.pow(unsigned ? bits : bits - 1).subtract(BigInteger.ONE);
    }

    /** Whether the log has its values compressed, one by one: MariaDB's attribute. */
    public boolean isCompressed() {
        return columnType.contains(" COMPRESSED");
    }

    /** Whether MySQL prints numbers of it with leading zeros. */
    boolean isZerofill() {
        return columnType.endsWith(" zerofill");
    }

    /** Whether it holds bytes without a character set. */
    public boolean isBinary() {
        return isBinary(dataType);
    }

    static boolean isBinary(String dataType) {
        return switch (dataType) {
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> true;
            default -> isGeometry(dataType);
        };
    }

    /** Whether it holds a shape, kept as four bytes of SRID and the shape's WKB. */
    public boolean isGeometry() {
        return isGeometry(dataType);
    }

    private static boolean isGeometry(String dataType) {
        return switch (dataType) {
            case "geometry",
                    "point",
                    "linestring",
                    "polygon",
                    "multipoint",
                    "multilinestring",
                    "multipolygon",
                    "geomcollection",
                    "geometrycollection" ->
                    true;
            default -> false;
        };
    }

    /** Whether it holds characters of {@link #charset}, other than labels. */
    public boolean isText() {
        return switch (dataType) {
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" -> true;
            default -> false;
        };
    }

    /** Whether a value may have more bytes than a row of other columns. */
    public boolean isLong() {
        return switch (dataType) {
            case "text", "mediumtext", "longtext", "blob", "mediumblob", "longblob", "json" -> true;
            default -> isGeometry();
        };
    }

    /** Whether it holds a date, with or without a time of day: those that can be zero. */
    public boolean isDate() {
        return switch (dataType) {
            case "date", "datetime", "timestamp" -> true;
            default -> false;
        };
    }

    /** Whether it holds a whole number, YEAR left out. */
    public boolean isInteger() {
        return switch (dataType) {
            case "tinyint", "smallint", "mediumint", "int", "bigint" -> true;
            default -> false;
        };
    }
}
