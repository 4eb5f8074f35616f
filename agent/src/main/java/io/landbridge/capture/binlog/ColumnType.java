package io.landbridge.capture.binlog;

import io.landbridge.fault.FaultCode;
import io.landbridge.schema.mysql.MysqlColumn;

/**
 * A column's type as the log names it before a table's rows.
 *
 * @param code the field type; of ENUM and SET their own, not the STRING that they hide behind
 * @param bound the length or precision that stands beside it: most bytes of a string, bytes of a
 *     blob's length, bytes of an enum or a set, bits of a BIT, digits of a decimal
 * @param fraction decimals of a decimal, digits of a second's fraction
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html">field
 *     types</a>
 */
record ColumnType(int code, int bound, int fraction) {

    static final int TINY = 1;
    static final int SHORT = 2;
    static final int LONG = 3;
    static final int FLOAT = 4;
    static final int DOUBLE = 5;
    static final int OLD_TIMESTAMP = 7;
    static final int LONGLONG = 8;
    static final int INT24 = 9;
    static final int DATE = 10;
    static final int OLD_TIME = 11;
    static final int OLD_DATETIME = 12;
    static final int YEAR = 13;
    static final int VARCHAR = 15;
    static final int BIT = 16;
    static final int TIMESTAMP = 17;
    static final int DATETIME = 18;
    static final int TIME = 19;
    static final int JSON = 245;
    static final int DECIMAL = 246;
    static final int ENUM = 247;
    static final int SET = 248;
    static final int BLOB = 252;
    static final int STRING = 254;
    static final int GEOMETRY = 255;

    private static final int LENGTH_BITS = 0x30;

    /**
     * The type of a table map's code and metadata.
     *
     * @param metadata of strings, enums and sets in big-endian order, else in little-endian
     */
    static ColumnType of(int code, int metadata) {
        return switch (code) {
            case STRING -> string(metadata >> 8, metadata & 0xFF);
            case DECIMAL -> new ColumnType(code, metadata & 0xFF, metadata >> 8);
            case BIT -> new ColumnType(code, (metadata >> 8) * 8 + (metadata & 0xFF), 0);
            case TIMESTAMP, DATETIME, TIME -> new ColumnType(code, 0, metadata);
            default -> new ColumnType(code, metadata, 0);
        };
    }

    /** A CHAR's length has more bits than the second byte: two hide in the type's. */
    private static ColumnType string(int type, int length) {
        boolean hidden = (type & LENGTH_BITS) != LENGTH_BITS;
        return hidden
                ? new ColumnType(
                        type | LENGTH_BITS, length | (((type & LENGTH_BITS) ^ LENGTH_BITS) << 4), 0)
                : new ColumnType(type, length, 0);
    }

    /**
     * Makes sure that the catalogue's column is what the log holds.
     *
     * @throws Unreadable when it isn't: it was altered since, or has a format of before MySQL 5.6.4
     */
    void check(MysqlColumn column) {
        if (code == OLD_TIMESTAMP || code == OLD_TIME || code == OLD_DATETIME) {
            throw new Unreadable(
                    FaultCode.VALUE_UNSUPPORTED,
                    "column "
                            + column.name()
                            + " is in the format of before MySQL 5.6.4; ALTER TABLE ... FORCE"
                            + " brings it up to date");
        }
        if (column.isCompressed()) {
            throw new Unreadable(
                    FaultCode.VALUE_UNSUPPORTED,
                    "column " + column.name() + " is COMPRESSED, which is not read");
        }
        boolean same =
                code == expected(column.dataType())
                        && switch (code) {
                            case DECIMAL ->
                                    bound == column.precision()
                                            && fraction == column.scale().orElse(0);
                            case TIMESTAMP, DATETIME, TIME -> fraction == column.fraction();
                            case BIT -> bound == column.precision();
                            default -> true;
                        };
        if (!same) {
            throw new Unreadable(
                    FaultCode.SOURCE_DDL,
                    "column "
                            + column.name()
                            + " was altered: the log does not hold a "
                            + column.columnType());
        }
    }

    private static int expected(String dataType) {
        return switch (dataType) {
            case "tinyint" -> TINY;
            case "smallint" -> SHORT;
            case "mediumint" -> INT24;
            case "int" -> LONG;
            case "bigint" -> LONGLONG;
            case "float" -> FLOAT;
            case "double" -> DOUBLE;
            case "decimal" -> DECIMAL;
            case "year" -> YEAR;
            case "bit" -> BIT;
            case "date" -> DATE;
            case "time" -> TIME;
            case "datetime" -> DATETIME;
            case "timestamp" -> TIMESTAMP;
            case "char", "binary", "uuid" -> STRING;
            case "varchar", "varbinary" -> VARCHAR;
            case "tinyblob", "blob", "mediumblob", "longblob" -> BLOB;
            case "tinytext", "text", "mediumtext", "longtext" -> BLOB;
            case "enum" -> ENUM;
            case "set" -> SET;
            case "json" -> JSON;
            default -> GEOMETRY;
        };
    }

    /** The bytes of a string or a blob, without the length before them. */
    Bytes string(Bytes in) {
        int width =
                switch (code) {
                    case STRING, VARCHAR -> bound > 0xFF ? 2 : 1;
                    default -> bound;
                };
        return in.part(in.little(width));
    }

    /** Steps over a value that nobody wants. */
    void skip(Bytes in) {
        switch (code) {
            case TINY, YEAR -> in.skip(1);
            case SHORT -> in.skip(2);
            case INT24, DATE -> in.skip(3);
            case LONG, FLOAT -> in.skip(4);
            case LONGLONG, DOUBLE -> in.skip(8);
            case DECIMAL -> DecimalText.skip(in, bound, fraction);
            case BIT -> in.skip((bound + 7) / 8);
            case ENUM, SET -> in.skip(bound);
            case TIMESTAMP -> in.skip(4 + (fraction + 1) / 2);
            case DATETIME -> in.skip(5 + (fraction + 1) / 2);
            case TIME -> in.skip(3 + (fraction + 1) / 2);
            case STRING, VARCHAR, BLOB, JSON, GEOMETRY -> {
                var unused = string(in);
            }
            default ->
                    throw new Unreadable(
                            FaultCode.VALUE_UNSUPPORTED, "the log has a column of type " + code);
        }
    }
}
