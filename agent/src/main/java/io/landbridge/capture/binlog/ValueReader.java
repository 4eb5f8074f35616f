package io.landbridge.capture.binlog;

import io.landbridge.fault.FaultCode;
import io.landbridge.schema.mysql.Form;
import io.landbridge.schema.mysql.MappedColumn;
import io.landbridge.schema.mysql.MysqlColumn;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Reads one column's values out of row images, in the canonical text of its {@link Form}: byte for
 * byte what MySQL's own expression for that form gives.
 */
interface ValueReader {

    int UUID_BYTES = 16;

    /**
     * Reads the value that begins at {@code in}'s place, which is not NULL there.
     *
     * @return its canonical text; null for a date that the mapping makes NULL
     * @throws Unreadable when it can't be carried
     */
    String read(Bytes in);

    /**
     * The reader of {@code column}.
     *
     * @throws Unreadable when the log's type isn't the catalogue's, or no form of it is known
     */
    static ValueReader of(ColumnType type, MappedColumn column, Charsets charsets) {
        MysqlColumn source = column.source();
        type.check(source);
        Form form = column.form();
        return switch (type.code()) {
            case ColumnType.TINY -> integer(form, source, 1);
            case ColumnType.SHORT -> integer(form, source, 2);
            case ColumnType.INT24 -> integer(form, source, 3);
            case ColumnType.LONG -> integer(form, source, 4);
            case ColumnType.LONGLONG -> integer(form, source, 8);
            case ColumnType.YEAR ->
                    form == Form.INTEGER ? in -> TimeText.yearNumber(in) : in -> TimeText.year(in);
            case ColumnType.DECIMAL -> {
                int precision = type.bound();
                int scale = type.fraction();
                yield number(form, in -> DecimalText.read(in, precision, scale));
            }
            case ColumnType.FLOAT ->
                    floating(form, source, in -> Float.intBitsToFloat((int) in.little(4)));
            case ColumnType.DOUBLE ->
                    floating(form, source, in -> Double.longBitsToDouble(in.little(8)));
            case ColumnType.BIT -> bits(form, type.bound());
            case ColumnType.DATE -> dated(column, in -> TimeText.date(in));
            case ColumnType.DATETIME, ColumnType.TIMESTAMP -> dated(column, dateTime(type, form));
            case ColumnType.TIME -> {
                int fraction = type.fraction();
                yield form == Form.TIME
                        ? in -> TimeText.trimmed(TimeText.time(in, fraction), fraction)
                        : in -> TimeText.time(in, fraction);
            }
            case ColumnType.ENUM -> label(source.labels(), type.bound());
            case ColumnType.SET -> labels(form, source.labels(), type.bound());
            case ColumnType.JSON -> in -> noNul(JsonText.read(type.string(in)));
            case ColumnType.STRING, ColumnType.VARCHAR, ColumnType.BLOB, ColumnType.GEOMETRY ->
                    string(type, column, charsets);
            default -> throw unknown(form, source);
        };
    }

    private static Unreadable unknown(Form form, MysqlColumn source) {
        return new Unreadable(
                FaultCode.VALUE_UNSUPPORTED,
                "column "
                        + source.name()
                        + ", "
                        + source.columnType()
                        + ", can't be carried as "
                        + form.name().toLowerCase(Locale.ROOT));
    }

    private static ValueReader integer(Form form, MysqlColumn source, int bytes) {
        ValueReader plain =
                source.unsigned()
                        ? in -> Long.toUnsignedString(in.little(bytes))
                        : in -> Long.toString(in.signedLittle(bytes));
        return number(form, plain);
    }

    private static ValueReader number(Form form, ValueReader plain) {
        return switch (form) {
            case BOOLEAN -> in -> truth(plain.read(in));
            case DOUBLE -> in -> DoubleText.of(Double.parseDouble(plain.read(in)));
            default -> plain;
        };
    }

    private static String truth(String number) {
        return switch (number) {
            case "0" -> "f";
            case "1" -> "t";
            default -> number;
        };
    }

    /** Gives a FLOAT or a DOUBLE as the double that it is. */
    interface FloatingReader {
        double read(Bytes in);
    }

    private static ValueReader floating(Form form, MysqlColumn source, FloatingReader raw) {
        boolean shown = form != Form.DOUBLE && source.scale().isPresent();
        int decimals = source.scale().orElse(0);
        return shown
                ? in ->
                        new BigDecimal(raw.read(in))
                                .setScale(decimals, RoundingMode.HALF_EVEN)
                                .toPlainString()
                : in -> DoubleText.of(raw.read(in));
    }

    private static ValueReader bits(Form form, int count) {
        int bytes = (count + 7) / 8;
        ValueReader plain = in -> Long.toUnsignedString(in.big(bytes));
        return form == Form.BITS ? in -> binary(in.big(bytes), count) : number(form, plain);
    }

    private static String binary(long value, int count) {
        String digits = Long.toBinaryString(value);
        return "0".repeat(Math.max(0, count - digits.length())) + digits;
    }

    private static ValueReader dateTime(ColumnType type, Form form) {
        int fraction = type.fraction();
        ValueReader plain =
                type.code() == ColumnType.DATETIME
                        ? in -> TimeText.dateTime(in, fraction)
                        : in -> TimeText.timestamp(in, fraction);
        return switch (form) {
            case DATETIME -> in -> TimeText.trimmed(plain.read(in), fraction);
            case INSTANT -> in -> TimeText.trimmed(plain.read(in), fraction) + "+00";
            case DATE -> in -> plain.read(in).substring(0, TimeText.DATE_LENGTH);
            default -> plain;
        };
    }

    private static ValueReader dated(MappedColumn column, ValueReader reader) {
        if (!column.zeroDateIsNull()) {
            return reader;
        }
        return in -> {
            String text = reader.read(in);
            return TimeText.isPartlyZero(text) ? null : text;
        };
    }

    private static ValueReader label(List<String> labels, int bytes) {
        return in -> {
            long index = in.little(bytes);
            // Index 0 is what MySQL stores for a label that is none, and shows as an empty text.
            return index == 0 ? "" : labels.get((int) index - 1);
        };
    }

    private static ValueReader labels(Form form, List<String> labels, int bytes) {
        boolean array = form == Form.LABELS;
        List<String> elements =
                array ? labels.stream().map(Form::arrayElement).toList() : List.copyOf(labels);
        return in -> {
            long members = in.little(bytes);
            List<String> chosen = new ArrayList<>(Long.bitCount(members));
            for (int i = 0; i < elements.size(); i++) {
                if (((members >> i) & 1) != 0) {
                    chosen.add(elements.get(i));
                }
            }
            String joined = String.join(",", chosen);
            return array ? "{" + joined + "}" : joined;
        };
    }

    private static ValueReader string(ColumnType type, MappedColumn column, Charsets charsets) {
        MysqlColumn source = column.source();
        if (source.dataType().equals("uuid")) {
            return in -> dashed(hex(type.string(in), UUID_BYTES));
        }
        if (source.isBinary()) {
            // The log leaves out the zero bytes at a BINARY's end.
            int length = source.dataType().equals("binary") ? (int) source.length() : 0;
            return switch (column.form()) {
                case BYTES -> in -> "\\x" + hex(type.string(in), length);
                case UUID -> in -> dashed(hex(type.string(in), length));
                default -> throw unknown(column.form(), source);
            };
        }
        Charsets.Decoder decoder = charsets.of(source.charset());
        return switch (column.form()) {
            case UUID -> in -> decoder.decode(type.string(in)).toLowerCase(Locale.ROOT);
            default -> in -> noNul(decoder.decode(type.string(in)));
        };
    }

    private static String hex(Bytes in, int length) {
        String digits = HexFormat.of().formatHex(in.rest());
        return digits + "0".repeat(Math.max(0, 2 * length - digits.length()));
    }

    private static String dashed(String hex) {
        return String.join(
                "-",
                hex.substring(0, 8),
                hex.substring(8, 12),
                hex.substring(12, 16),
                hex.substring(16, 20),
                hex.substring(20));
    }

    /** PostgreSQL's texts can hold every character but one. */
    private static String noNul(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new Unreadable(
                    FaultCode.VALUE_UNSUPPORTED,
                    "a text holds the character NUL, which PostgreSQL's can't");
        }
        return text;
    }
}
