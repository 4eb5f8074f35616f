package io.landbridge.soak;

import io.landbridge.config.Configuration;
import io.landbridge.phase.Configurations;
import io.landbridge.testkit.PgBouncer;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Bank clients behind PgBouncer, from PostgreSQL 14 to 17: nobody but PgBouncer moves them. */
final class BankMove implements Moved {

    private static final Map<String, String> SETTINGS = Map.of("max_wal_size", "4GB");

    private final PostgresServer old = PostgresServer.start(14, SETTINGS);
    private final PostgresServer next = PostgresServer.start(17, SETTINGS);
    private final TestDatabase source = old.createDatabase("bank");
    private final TestDatabase target = next.createDatabase("bank");
    private final PgBouncer bouncer;
    private final BankClients bank;

    BankMove(int accounts, int clients, double rate) throws IOException {
        BankClients.createTables(source, accounts);
        bouncer = PgBouncer.start(source, "transaction");
        bank = new BankClients(bouncer, clients, rate, accounts);
    }

    @Override
    public Configuration configuration(Path stateDir) {
        return Configurations.of(
                source,
                target,
                "soak",
                stateDir,
                "cutover:",
                "  observe: 1h",
                Configurations.traffic(bouncer, "transaction"));
    }

    @Override
    public void start() {
        bank.start();
    }

    @Override
    public void cutOver(SoakedMigration migration) {
        bank.pauseSoFar();
        migration.control().cutover();
        migration.awaitPhase("MONITORING");
    }

    @Override
    public void rollBack(SoakedMigration migration) {
        migration.control().rollback();
        migration.awaitPhase("ROLLED_BACK");
    }

    @Override
    public Duration pauseAfter(Duration stay) throws InterruptedException {
        return bank.pauseAfter(stay);
    }

    @Override
    public void assertNothingLostAtTarget() {
        bank.assertNothingLost(target);
    }

    @Override
    public void assertNothingLostAtSource() {
        bank.assertNothingLost(source);
        assertNoResidue(source);
        assertNoResidue(target);
    }

    static void assertNoResidue(TestDatabase database) {
        List<String> residue =
                database.rows(
                        "SELECT nspname FROM pg_namespace WHERE nspname = 'landbridge'"
                                + " UNION ALL SELECT slot_name FROM pg_replication_slots"
                                + " UNION ALL SELECT pubname FROM pg_publication"
                                + " UNION ALL SELECT tgname FROM pg_trigger"
                                + " WHERE NOT tgisinternal");
        if (!residue.isEmpty()) {
            throw new AssertionError("left behind in " + database.name() + ": " + residue);
        }
    }

    @Override
    public long acknowledged() {
        return bank.acknowledged();
    }

    @Override
    public long failed() {
        return bank.failed();
    }

    @Override
    public void stop() throws InterruptedException {
        bank.stop();
    }

    @Override
    public void close() {
        bank.close();
        bouncer.close();
        next.close();
        old.close();
    }
}
