package io.landbridge.capture.binlog;

import io.landbridge.fault.FaultCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads texts in MySQL's character sets. What a single-byte set means is asked of the server, since
 * its latin1 and others differ from everybody else's in some bytes.
 */
final class Charsets {

    /** Reads one text. */
    interface Decoder {
        /**
         * Reads all bytes that are left.
         *
         * @throws Unreadable when they are no text in the set
         */
        String decode(Bytes in);
    }

    private static final Map<String, String> JAVA_NAMES =
            Map.ofEntries(
                    Map.entry("ucs2", "UTF-16BE"),
                    Map.entry("utf16", "UTF-16BE"),
                    Map.entry("utf16le", "UTF-16LE"),
                    Map.entry("utf32", "UTF-32BE"),
                    Map.entry("gb18030", "GB18030"),
                    Map.entry("gbk", "GBK"),
                    Map.entry("gb2312", "GB2312"),
                    Map.entry("big5", "Big5"),
                    Map.entry("sjis", "Shift_JIS"),
                    Map.entry("cp932", "windows-31j"),
                    Map.entry("ujis", "EUC-JP"),
                    Map.entry("eucjpms", "EUC-JP"),
                    Map.entry("euckr", "EUC-KR"));

    private final Map<String, char[]> singleByte;
    private final Map<String, Decoder> decoders = new HashMap<>();

    /**
     * @param singleByte for each single-byte set that a column has, the character of each byte
     */
    Charsets(Map<String, char[]> singleByte) {
        this.singleByte = Map.copyOf(singleByte);
    }

    /** Whether a set's characters are one byte each, so that its table has to be asked for. */
    static boolean isSingleByte(String charset) {
        return !JAVA_NAMES.containsKey(charset) && !isUtf8(charset);
    }

    private static boolean isUtf8(String charset) {
        return charset.startsWith("utf8");
    }

    Decoder of(String charset) {
        return decoders.computeIfAbsent(charset, this::make);
    }

    private Decoder make(String charset) {
        if (isUtf8(charset)) {
            return Charsets::utf8;
        }
        char[] table = singleByte.get(charset);
        if (table != null) {
            return in -> single(table, in);
        }
        try {
            Charset java = Charset.forName(JAVA_NAMES.getOrDefault(charset, charset));
            return in -> strict(java, in.rest());
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new Unreadable(
                    FaultCode.VALUE_UNSUPPORTED, "the character set " + charset + " is unknown");
        }
    }

    private static String utf8(Bytes in) {
        int start = in.position();
        int length = in.left();
        String text = in.utf8(length);
        // What is malformed turns into this character, which a text may hold as well.
        return text.indexOf('\uFFFD') < 0
                ? text
                : strict(StandardCharsets.UTF_8, in.again(start, length));
    }

    private static String single(char[] table, Bytes in) {
        char[] text = new char[in.left()];
        for (int i = 0; i < text.length; i++) {
            text[i] = table[in.unsigned1()];
        }
        return new String(text);
    }

    private static String strict(Charset charset, byte[] bytes) {
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Unreadable(
                    FaultCode.VALUE_UNSUPPORTED, "a text holds bytes that are no " + charset);
        }
    }
}
