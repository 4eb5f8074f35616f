package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.landbridge.Migration;
import io.landbridge.config.Configuration;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.phase.MigrationStatus.ActiveFault;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens to a partition alone is not in the log of its table: it must be seen all the same.
 */
class PartitionChangesIT {

    private static final String PARTITION =
            "create table sale_%d partition of sale for values in (%<d)";

    @TempDir Path stateDir;
    private final TestDatabase source = Servers.source().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();
    private Configuration config;

    @BeforeEach
    void validate() throws Exception {
        source.execute(
                "create table sale (region int, n int, primary key (region, n))"
                        + " partition by list (region)",
                PARTITION.formatted(1),
                PARTITION.formatted(2),
                PARTITION.formatted(3),
                "insert into sale select g % 3 + 1, g from generate_series(1, 300) g");
        config =
                Configurations.of(
                        source, target, "partitions", stateDir, "metrics:\n  interval: 100ms");
        assertThat(run(Until.VALIDATED)).isTrue();
    }

    @Test
    void changesWhileNoAgentRunsKeepTheCutoverBackUntilBothSidesAreEqual() throws Exception {
        String[] rotate = {
            "truncate sale_1",
            "alter table sale detach partition sale_2",
            "drop table sale_2",
            "create table sale_4 (like sale including all)",
            "insert into sale_4 select 4, g from generate_series(1, 50) g",
            "alter table sale attach partition sale_4 for values in (4)"
        };
        source.execute(rotate);
        try (Migration migration = Migration.open(config)) {
            Fault fault =
                    catchThrowableOfType(Fault.class, () -> migration.runUntil(Until.COMPLETE));
            assertThat(fault.code()).isEqualTo(FaultCode.VALIDATION_FAILED);
            assertThat(migration.control().status().faults())
                    .filteredOn(active -> active.code().equals("SOURCE_PARTITION"))
                    .singleElement()
                    .extracting(ActiveFault::message)
                    .asString()
                    .contains(
                            "public.sale_1 was truncated or rewritten",
                            "public.sale_2 was detached or dropped",
                            "public.sale_4 was attached or created");
        }
        source.execute("insert into sale values (3, 1000)");
        target.execute(rotate);
        assertThat(run(Until.COMPLETE)).isTrue();
        RowsOf.assertEqual(source, target);
    }

    @Test
    void rewrittenPartitionCostsAComparisonOnly() throws Exception {
        source.execute("vacuum full sale_1");
        try (Migration migration = Migration.open(config)) {
            assertThat(migration.runUntil(Until.COMPLETE)).isTrue();
            assertThat(migration.control().status().faults())
                    .extracting(ActiveFault::code)
                    .doesNotContain("SOURCE_PARTITION");
        }
        RowsOf.assertEqual(source, target);
    }

    private boolean run(Until goal) throws InterruptedException {
        try (Migration migration = Migration.open(config)) {
            return migration.runUntil(goal);
        }
    }
}
