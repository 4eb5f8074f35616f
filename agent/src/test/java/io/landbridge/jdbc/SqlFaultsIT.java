package io.landbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landbridge.fault.Fault;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlFaultsIT {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO t VALUES ('s3cret')",
                "INSERT INTO t VALUES ('new', 's3cret'::int)",
                "INSERT INTO t VALUES ('s3cret\ns3cret')",
                "SELECT '{s3cret'::json",
                "SELECT to_date('s3cret', 'YYYY')"
            })
    void faultsShowNoValueOfARow(String sql) {
        TestDatabase test = Servers.target().freshDatabase();
        test.execute(
                "CREATE TABLE t (v varchar(8) PRIMARY KEY, n int)",
                "INSERT INTO t VALUES ('s3cret')");
        try (Database database = test.open(Side.TARGET)) {
            assertThatThrownBy(
                            () ->
                                    database.with(
                                            "a statement",
                                            connection -> {
                                                try (var statement = connection.createStatement()) {
                                                    statement.addBatch(sql);
                                                    return statement.executeBatch();
                                                }
                                            }))
                    .isInstanceOf(Fault.class)
                    .message()
                    .doesNotContain("s3cret");
        }
    }
}
