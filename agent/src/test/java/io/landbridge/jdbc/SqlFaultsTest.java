package io.landbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.fault.FaultCode;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;

class SqlFaultsTest {

    @Test
    void aServerThatGivesThePoolNoConnectionIsUnreachable() {
        SQLException error = new SQLTransientConnectionException("timed out after 10000ms");
        assertThat(SqlFaults.of(Side.SOURCE, "something", error).code())
                .isEqualTo(FaultCode.SOURCE_UNREACHABLE);
        assertThat(SqlFaults.of(Side.TARGET, "something", error).code())
                .isEqualTo(FaultCode.TARGET_UNREACHABLE);
    }

    @Test
    void aFullDiskPassesAtTheTarget() {
        SQLException error = new SQLException("no space", "53100");
        assertThat(SqlFaults.of(Side.TARGET, "something", error).code())
                .isEqualTo(FaultCode.TARGET_FULL)
                .matches(FaultCode::isPassing);
    }
}
