package io.landbridge.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.schema.mysql.Form.Wire;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CopyTextTest {

    private final CopyText row = new CopyText();

    @Test
    void everyByteIsEscapedWhereverItStandsOrGoesAsItIs() {
        for (int one = 0; one < 256; one++) {
            for (int at = 0; at < 20; at++) {
                byte[] value = "abcdefghi\u00e4klmnopqrs".getBytes(StandardCharsets.UTF_8);
                value[at] = (byte) one;
                assertThat(latin(escaped(value)))
                        .isEqualTo(
                                latin(value)
                                                .replace("\\", "\\\\")
                                                .replace("\t", "\\t")
                                                .replace("\n", "\\n")
                                                .replace("\r", "\\r")
                                        + "\n");
            }
        }
    }

    @Test
    void nothingButEscapes() {
        assertThat(latin(escaped("\\\\\\\\\\\\\t\n\n\r".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("\\\\".repeat(6) + "\\t\\n\\n\\r\n");
        assertThat(latin(escaped(new byte[0]))).isEqualTo("\n");
    }

    private byte[] escaped(byte[] value) {
        row.begin();
        row.add(value, Wire.ESCAPED);
        return row.end();
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
