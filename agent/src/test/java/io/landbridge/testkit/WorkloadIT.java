package io.landbridge.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.testkit.PostgresServer.Shutdown;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadIT {

    @Test
    void everyKindCommitsAndNoErrorIsABugOfTheKit() {
        TestDatabase database = Servers.source().freshDatabase();
        Workload.createTables(database, 400);
        Workload workload = Workload.start(database, 4, 1);
        int kinds = NastyTransactions.all().size() - 1; // "rollback" never commits
        Await.until(
                "every kind has committed",
                Duration.ofSeconds(60),
                () -> workload.ledger().commitsByKind().size() == kinds);
        workload.stop();
        // Writers step on each other's feet: deadlocks and unique violations, nothing else.
        assertThat(workload.ledger().errors().keySet())
                .allMatch(error -> error.endsWith(" 40P01") || error.endsWith(" 23505"));
        assertThat(workload.ledger().rollbacks()).containsKey("rollback");
        workload.ledger().assertReceiptsIn(database);
        assertThat(database.number("SELECT count(*) FROM work.receipt"))
                .isEqualTo(workload.ledger().commits());
    }

    @Test
    void ledgerSurvivesTheServersCrash() {
        try (PostgresServer server = PostgresServer.start(14, Map.of())) {
            TestDatabase database = server.freshDatabase();
            Workload.createTables(database, 100);
            try (Workload workload = Workload.start(database, 4, 2)) {
                awaitCommits(workload, 100);
                server.restart(Shutdown.IMMEDIATE);
                awaitCommits(workload, workload.ledger().commits() + 100);
                workload.stop();
                workload.ledger().assertReceiptsIn(database);
            }
        }
    }

    @Test
    void writesAtTheRateAskedForAndHoldsOnCommand() {
        TestDatabase database = Servers.source().freshDatabase();
        Workload.createTables(database, 100);
        long start = System.nanoTime();
        try (Workload workload =
                Workload.start(database.config(), NastyTransactions.all(), 2, 50, 3)) {
            awaitCommits(workload, 75);
            assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
            workload.hold();
            TestDatabase other = Servers.target().freshDatabase();
            Workload.createTables(other, 100);
            workload.switchTo(other.config());
            workload.release();
            Await.until(
                    "they write to the other database",
                    Duration.ofSeconds(10),
                    () -> other.number("SELECT count(*) FROM work.receipt") > 10);
        }
    }

    @Test
    void hugeTransactionLeavesNineTenths() {
        TestDatabase database = Servers.source().freshDatabase();
        Workload.createTables(database, 100);
        Workload.hugeTransaction(database, 1, 1000);
        assertThat(database.number("SELECT count(*) FROM work.bulk")).isEqualTo(900);
    }

    private static void awaitCommits(Workload workload, long commits) {
        Await.until(
                commits + " commits",
                Duration.ofSeconds(60),
                () -> workload.ledger().commits() >= commits);
    }
}
