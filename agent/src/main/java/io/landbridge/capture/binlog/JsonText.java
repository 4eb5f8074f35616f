package io.landbridge.capture.binlog;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * MySQL's binary JSON, spelled as MySQL itself spells it when a client selects the column.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/json__binary_8h.html">the
 *     format</a>
 */
final class JsonText {

    private static final int SMALL_OBJECT = 0x0;
    private static final int LARGE_OBJECT = 0x1;
    private static final int SMALL_ARRAY = 0x2;
    private static final int LARGE_ARRAY = 0x3;
    private static final int LITERAL = 0x4;
    private static final int INT16 = 0x5;
    private static final int UINT16 = 0x6;
    private static final int INT32 = 0x7;
    private static final int UINT32 = 0x8;
    private static final int INT64 = 0x9;
    private static final int UINT64 = 0xA;
    private static final int DOUBLE = 0xB;
    private static final int STRING = 0xC;
    private static final int OPAQUE = 0xF;

    private static final int TYPE_TIMESTAMP = 7;
    private static final int TYPE_DATE = 10;
    private static final int TYPE_TIME = 11;
    private static final int TYPE_DATETIME = 12;
    private static final int TYPE_DECIMAL = 246;

    private static final String HEX = "0123456789abcdef";

    private final StringBuilder text;

    private JsonText(StringBuilder text) {
        this.text = text;
    }

    /** The document that {@code in} holds; one of no bytes is null, as MySQL takes it. */
    static String read(Bytes in) {
        if (!in.hasMore()) {
            return "null";
        }
        StringBuilder text = new StringBuilder(in.left() + 16);
        new JsonText(text).value(in.unsigned1(), in);
        return text.toString();
    }

    private void value(int type, Bytes in) {
        switch (type) {
            case SMALL_OBJECT, LARGE_OBJECT, SMALL_ARRAY, LARGE_ARRAY -> container(type, in);
            case LITERAL -> literal(in.unsigned1());
            case INT16 -> text.append(in.signedLittle(2));
            case UINT16 -> text.append(in.little(2));
            case INT32 -> text.append(in.signedLittle(4));
            case UINT32 -> text.append(in.little(4));
            case INT64 -> text.append(in.little(8));
            case UINT64 -> text.append(Long.toUnsignedString(in.little(8)));
            case DOUBLE -> number(Double.longBitsToDouble(in.little(8)));
            case STRING -> string(in.utf8(length(in)));
            case OPAQUE -> opaque(in);
            default -> throw new IllegalStateException("JSON has no type " + type);
        }
    }

    private void container(int type, Bytes in) {
        boolean object = type == SMALL_OBJECT || type == LARGE_OBJECT;
        int width = type == LARGE_OBJECT || type == LARGE_ARRAY ? 4 : 2;
        int start = in.position();
        int count = (int) in.little(width);
        in.skip(width);
        Bytes keys = object ? in.part((long) count * (width + 2)) : null;
        text.append(object ? '{' : '[');
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                text.append(", ");
            }
            if (object) {
                Bytes key = in.from(start, keys.little(width));
                string(key.utf8(keys.little(2)));
                text.append(": ");
            }
            int member = in.unsigned1();
            Bytes entry = in.part(width);
            value(member, isInlined(member, width) ? entry : in.from(start, entry.little(width)));
        }
        text.append(object ? '}' : ']');
    }

    private static boolean isInlined(int type, int width) {
        return switch (type) {
            case LITERAL, INT16, UINT16 -> true;
            case INT32, UINT32 -> width == 4;
            default -> false;
        };
    }

    private void literal(int which) {
        text.append(
                switch (which) {
                    case 0 -> "null";
                    case 1 -> "true";
                    case 2 -> "false";
                    default -> throw new IllegalStateException("JSON has no literal " + which);
                });
    }

    /** A double stays one: MySQL puts a point where its digits alone would be an integer. */
    private void number(double value) {
        String plain = DoubleText.of(value);
        text.append(plain);
        if (plain.indexOf('.') < 0 && plain.indexOf('e') < 0) {
            text.append(".0");
        }
    }

    /** Seven bits a byte, the lowest first; the top bit says that another follows. */
    private static long length(Bytes in) {
        long length = 0;
        for (int shift = 0; ; shift += 7) {
            int next = in.unsigned1();
            length |= (next & 0x7FL) << shift;
            if (next < 0x80) {
                return length;
            }
        }
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private void opaque(Bytes in) {
        int type = in.unsigned1();
        Bytes data = in.part(length(in));
        switch (type) {
            case TYPE_DECIMAL -> {
                int precision = data.unsigned1();
                int scale = data.unsigned1();
                text.append(DecimalText.read(data, precision, scale));
            }
            case TYPE_DATE -> string(TimeText.packedDate(data.little(8)));
            case TYPE_TIME -> string(TimeText.packedTime(data.little(8), 6));
            case TYPE_DATETIME, TYPE_TIMESTAMP ->
                    string(TimeText.packedDateTime(data.little(8), 6));
            default -> {
                String base64 =
                        new String(
                                Base64.getEncoder().encode(data.rest()),
                                StandardCharsets.ISO_8859_1);
                string("base64:type" + type + ":" + base64);
            }
        }
    }
}
