package io.landbridge.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BinlogPositionTest {

    private static final String SERVER = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

    @ParameterizedTest
    @ValueSource(
            strings = {"binlog.000001:4", "a.b-c:d.999999:4294967296", "mysql-bin.1000000:157"})
    void readsWhatItWrites(String place) {
        String text = place + "@" + SERVER;
        assertThat(SourcePosition.parse(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@",
                "binlog.000001:4@",
                "binlog:4@s",
                "binlog.x:4@s",
                "binlog.1:-4@s",
                "4@s"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> SourcePosition.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ordersByTheNumberOfTheFileThenByTheOffset() {
        BinlogPosition last = new BinlogPosition(SERVER, "binlog.999999", 900);
        BinlogPosition next = new BinlogPosition(SERVER, "binlog.1000000", 4);
        assertThat(next.isAfter(last)).isTrue();
        assertThat(next.covers(new BinlogPosition(SERVER, "binlog.1000000", 4))).isTrue();
        assertThat(next.isAfter(new BinlogPosition(SERVER, "binlog.1000000", 5))).isFalse();
    }

    @Test
    void isNotComparedWithAnotherServersOrAnotherKind() {
        BinlogPosition here = new BinlogPosition(SERVER, "binlog.000001", 4);
        assertThatThrownBy(() -> here.isAfter(new BinlogPosition("other", "binlog.000001", 4)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> here.isAfter(Lsn.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
