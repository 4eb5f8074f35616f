package io.landbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.testkit.Nowhere;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;

class SqlFaultsTest {

    private static Fault of(Side side, SQLException error) {
        return SqlFaults.of(side, Nowhere.NO_HOST, "something", error);
    }

    @Test
    void aServerThatGivesThePoolNoConnectionIsUnreachable() {
        SQLException error = new SQLTransientConnectionException("timed out after 10000ms");
        assertThat(of(Side.SOURCE, error).code()).isEqualTo(FaultCode.SOURCE_UNREACHABLE);
        assertThat(of(Side.TARGET, error).code()).isEqualTo(FaultCode.TARGET_UNREACHABLE);
    }

    @Test
    void aRefusedConnectionIsToldWithItsAddressAndReason() {
        Fault fault = connecting(Nowhere.NO_SERVER);
        assertThat(fault.code()).isEqualTo(FaultCode.SOURCE_UNREACHABLE);
        assertThat(fault.describe())
                .contains("source at 127.0.0.1:1 during a new connection", "refused")
                .contains("postgresql://app@127.0.0.1:1/shop")
                .doesNotContain("s3cret");
    }

    @Test
    void anUnknownHostIsNamed() {
        assertThat(connecting(Nowhere.NO_HOST).describe())
                .contains("source at db.invalid:5432", "UnknownHost");
    }

    @Test
    void aRefusedLoginIsAMatterOfRightsAndNotTriedAgain() {
        SQLException driver = new SQLException("password authentication failed", "28P01");
        Fault fault =
                of(Side.TARGET, new SQLTransientConnectionException("timed out", "28P01", driver));
        assertThat(fault.code()).isEqualTo(FaultCode.TARGET_RIGHTS);
        assertThat(fault.describe()).contains("password authentication failed", "pg_hba.conf");
    }

    @Test
    void aFullDiskPassesAtTheTarget() {
        assertThat(of(Side.TARGET, new SQLException("no space", "53100")).code())
                .isEqualTo(FaultCode.TARGET_FULL)
                .matches(FaultCode::isPassing);
    }

    private static Fault connecting(DatabaseConfig nowhere) {
        try (Database database = new Database(nowhere, Side.SOURCE)) {
            return catchThrowableOfType(Fault.class, () -> database.open("test"));
        }
    }
}
