package io.landbridge.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.config.ValidationConfig.Mode;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.NastyTransactions;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exact comparisons while clients write through a real stream: never a false alarm. */
class ValidationUnderLoadIT {

    private final TestDatabase sourceDatabase = Servers.source().freshDatabase();
    private final TestDatabase targetDatabase = Servers.target().freshDatabase();

    @TempDir Path directory;

    @Test
    void neverCriesWolfUnderFullWriteLoadAndFindsWhatIsDamaged() throws Exception {
        sourceDatabase.execute(resource("schema.sql"));
        targetDatabase.execute(resource("schema.sql"));
        try (Pipeline pipeline = new Pipeline(sourceDatabase, targetDatabase, directory)) {
            sourceDatabase.execute("SET landbridge.rows = '500'; " + resource("populate.sql"));
            List<Long> pauses = new ArrayList<>();
            try (Workload workload =
                    Workload.start(sourceDatabase.config(), NastyTransactions.all(), 4, 40, 42)) {
                for (int i = 0; i < 6 || workload.ledger().commits() < 300; i++) {
                    ValidationReport report =
                            pipeline.validation(TwoSides.options(Mode.FULL)).run(Map.of());
                    assertThat(report.failed()).isEmpty();
                    assertThat(report.comparedRows()).isPositive();
                    pauses.add(report.pause().toMillis());
                }
                System.out.println("pauses in ms: " + pauses);
                assertThat(workload.isHeld()).isFalse();
            }
            // Only now: an update from the stream would mend the row.
            pipeline.catchUp();
            targetDatabase.execute("UPDATE public.pgbench_branches SET filler = 'x' WHERE bid = 1");
            ValidationReport damaged =
                    pipeline.validation(TwoSides.options(Mode.FULL)).run(Map.of());
            assertThat(damaged.failed())
                    .extracting(table -> table.table() + " " + table.differences())
                    .singleElement()
                    .asString()
                    .contains("public.pgbench_branches", "DIFFERENT", "[filler]");
            targetDatabase.execute("UPDATE public.pgbench_branches SET filler = '' WHERE bid = 1");
            RowsOf.assertEqual(sourceDatabase, targetDatabase);
        }
    }

    @Test
    void waitsForALongTransactionWithoutHoldingTheApplier() throws Exception {
        String ddl = "CREATE TABLE t (id int PRIMARY KEY)";
        sourceDatabase.execute(ddl);
        targetDatabase.execute(ddl);
        try (Pipeline pipeline = new Pipeline(sourceDatabase, targetDatabase, directory);
                Connection writer = sourceDatabase.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO t VALUES (1)");
            Thread later =
                    new Thread(
                            () -> {
                                try {
                                    Await.until(
                                            "the snapshot waits for it",
                                            Duration.ofMinutes(1),
                                            () ->
                                                    sourceDatabase.number(
                                                                    "SELECT count(*) FROM"
                                                                            + " pg_stat_activity"
                                                                            + " WHERE wait_event ="
                                                                            + " 'transactionid'")
                                                            > 0);
                                    writer.commit();
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            });
            later.start();
            ValidationReport report =
                    pipeline.validation(TwoSides.options(Mode.FULL)).run(Map.of());
            later.join();
            assertThat(report.clean()).isTrue();
            assertThat(report.comparedRows()).isEqualTo(1);
            assertThat(report.pause()).isLessThan(Duration.ofSeconds(1));
        }
    }

    private static String resource(String name) throws Exception {
        try (InputStream in =
                ValidationUnderLoadIT.class.getResourceAsStream("/workload/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
