package io.landbridge.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Side;
import io.landbridge.jdbc.SqlFaults;
import io.landbridge.testkit.Nowhere;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {

    private static Fault sql(String state) {
        return SqlFaults.of(Side.TARGET, Nowhere.NO_HOST, "a test", new SQLException("no", state));
    }

    private static int attempts(Fault fault) {
        Patience patience = new Patience();
        int attempts = 1;
        while (patience.allows(fault) && attempts < 100) {
            attempts++;
        }
        return attempts;
    }

    @Test
    void waitsWithoutEndForWhatPasses() {
        assertThat(attempts(sql("08006"))).isEqualTo(100);
        assertThat(attempts(sql("53100"))).isEqualTo(100);
        assertThat(attempts(Fault.of(FaultCode.SOURCE_UNREACHABLE, "away"))).isEqualTo(100);
    }

    @Test
    void triesAFewTimesWhatMayPass() {
        assertThat(attempts(sql("40P01"))).isEqualTo(5);
        assertThat(attempts(sql("53200"))).isEqualTo(5);
        assertThat(attempts(sql("57014"))).isEqualTo(5);
    }

    @Test
    void givesUpWhatDoesNotPass() {
        assertThat(attempts(sql("22P02"))).isEqualTo(1);
        assertThat(attempts(sql("42P01"))).isEqualTo(1);
        assertThat(attempts(sql("23505"))).isEqualTo(1);
        assertThat(attempts(Fault.of(FaultCode.INTERNAL, "a bug"))).isEqualTo(1);
    }

    @Test
    void waitsLongerEachTimeButNeverLong() {
        Patience patience = new Patience();
        patience.allows(sql("08006"));
        assertThat(patience.pause()).isEqualTo(Duration.ofMillis(100));
        patience.allows(sql("08006"));
        assertThat(patience.pause()).isEqualTo(Duration.ofMillis(200));
        for (int i = 0; i < 50; i++) {
            patience.allows(sql("08006"));
        }
        assertThat(patience.pause()).isEqualTo(Duration.ofSeconds(2));
    }
}
