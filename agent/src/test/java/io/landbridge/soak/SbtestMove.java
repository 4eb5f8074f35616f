package io.landbridge.soak;

import io.landbridge.change.TableId;
import io.landbridge.config.Configuration;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.Secret;
import io.landbridge.phase.Configurations;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.MysqlServer;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Clients as sysbench's, from MySQL 8.0 to PostgreSQL 17. They go straight to the databases: the
 * first that meets a fence holds them all, and they go on at the other side. What both sides hold
 * while they wait is compared, row by row, once they have gone on.
 */
final class SbtestMove implements Moved {

    private static final Duration SOON = Duration.ofMinutes(2);

    private final MysqlServer old = MysqlServer.start(Map.of("max-connections", "500"));
    private final PostgresServer next = PostgresServer.start(17, Map.of("max_wal_size", "4GB"));
    private final Sbtest sbtest;
    private final MysqlTestDatabase source;
    private final TestDatabase target = next.createDatabase("sbtest");
    private final DatabaseConfig app;
    private final int clients;
    private final double rate;
    private Workload workload;

    SbtestMove(int rows, int clients, double rate) {
        this.clients = clients;
        this.rate = rate;
        this.sbtest = new Sbtest(rows);
        this.source = sbtest.create(old);
        source.execute(
                "CREATE USER app IDENTIFIED WITH mysql_native_password BY 'app'",
                "GRANT ALL ON work.* TO app");
        DatabaseConfig admin = source.config();
        this.app =
                new DatabaseConfig(
                        admin.kind(),
                        admin.host(),
                        admin.port(),
                        admin.database(),
                        "app",
                        new Secret("app"),
                        Map.of(),
                        2);
    }

    @Override
    public Configuration configuration(Path stateDir) {
        return Configurations.of(source, target, "soak", stateDir, "cutover:", "  observe: 1h");
    }

    @Override
    public void start() {
        workload = Workload.start(app, sbtest.transactions(), clients, rate, 1);
    }

    @Override
    public void cutOver(SoakedMigration migration) throws SQLException {
        workload.ledger().forgetPauses();
        workload.holdWhenRefused(Sbtest::isFence);
        migration.control().cutover();
        migration.awaitPhase("MONITORING");
        awaitHeld();
        try (Connection before = Sbtest.snapshot(source.connect());
                Connection after = RowsOf.snapshot(target.config())) {
            goOnAt(target.config());
            assertEqual(before, after);
        }
    }

    /** The target's tables go with the way back: they wait for us to look at them. */
    @Override
    public void rollBack(SoakedMigration migration) throws SQLException {
        workload.ledger().forgetPauses();
        workload.holdWhenRefused(Sbtest::isFence);
        try (Connection last = latched()) {
            migration.control().rollback();
            migration.awaitStep("ROLL_BACK");
            awaitHeld();
            try (Connection now = Sbtest.snapshot(source.connect())) {
                look(last);
                goOnAt(app);
                assertEqual(now, last);
            }
            last.rollback();
        }
        migration.awaitPhase("ROLLED_BACK");
    }

    private void awaitHeld() {
        Await.until("the clients meet the fence", SOON, workload::isHeld);
    }

    private void goOnAt(DatabaseConfig side) {
        long before = acknowledged();
        workload.switchTo(side);
        workload.release();
        Await.until("the clients go on", SOON, () -> acknowledged() > before + clients);
    }

    /** Holds the tables; its first question, later, is answered by how they are then. */
    private Connection latched() throws SQLException {
        Connection connection = target.connect();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        try (Statement lock = connection.createStatement()) {
            for (TableId table : RowsOf.tables(target.config())) {
                lock.execute("LOCK TABLE " + table + " IN ACCESS SHARE MODE");
            }
        }
        return connection;
    }

    private static void look(Connection connection) throws SQLException {
        try (Statement first = connection.createStatement()) {
            first.execute("SELECT 1");
        }
    }

    private void assertEqual(Connection mysql, Connection postgres) throws SQLException {
        List<String> differing = sbtest.differing(mysql, postgres);
        if (!differing.isEmpty()) {
            throw new AssertionError("rows differ: " + differing);
        }
    }

    @Override
    public Duration pauseAfter(Duration stay) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(stay.toNanos());
        return workload.ledger().longestPause();
    }

    @Override
    public void assertNothingLostAtTarget() {
        workload.ledger().assertNothingLostIn(target);
    }

    @Override
    public void assertNothingLostAtSource() {
        workload.ledger().assertNothingLostIn(source);
        List<String> residue =
                source.rows(
                        "SELECT schema_name FROM information_schema.schemata WHERE schema_name ="
                                + " 'landbridge' UNION ALL SELECT trigger_name FROM"
                                + " information_schema.triggers WHERE trigger_schema = 'work' UNION"
                                + " ALL SELECT variable_name FROM"
                                + " performance_schema.persisted_variables");
        if (!residue.isEmpty()) {
            throw new AssertionError("left behind at the source: " + residue);
        }
        BankMove.assertNoResidue(target);
    }

    @Override
    public long acknowledged() {
        return workload.ledger().commits();
    }

    /** What was refused by anything but a fence, or clients in each other's way. */
    @Override
    public long failed() {
        return workload.ledger().errors().entrySet().stream()
                .filter(error -> !Sbtest.isExpected(sqlState(error.getKey())))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static String sqlState(String kindAndState) {
        return kindAndState.substring(kindAndState.lastIndexOf(' ') + 1);
    }

    @Override
    public void stop() {
        workload.stop();
        System.out.println("refused: " + workload.ledger().errors());
        workload.ledger().assertReceiptsIn(source);
    }

    @Override
    public void close() {
        if (workload != null) {
            workload.stop();
        }
        next.close();
        old.close();
    }
}
