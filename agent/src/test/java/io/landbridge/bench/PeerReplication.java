package io.landbridge.bench;

import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.TestDatabase;
import java.util.List;
import java.util.Map;

/**
 * PostgreSQL's own logical replication between two databases that hold the same rows already: what
 * ours is measured beside. Its slot stands from here on, it reads from {@link #start} on.
 */
final class PeerReplication implements Contender {

    static final Map<String, String> SETTINGS =
            Map.of(
                    "shared_buffers", "512MB",
                    "max_wal_size", "8GB",
                    "checkpoint_timeout", "30min",
                    "logical_decoding_work_mem", "64MB",
                    "autovacuum", "off");

    private static final List<String> TABLES =
            List.of(
                    "CREATE TABLE accounts (aid int PRIMARY KEY, bid int, abalance int, filler"
                            + " char(84))",
                    "CREATE TABLE tellers (tid int PRIMARY KEY, bid int, tbalance int, filler"
                            + " char(84))",
                    "CREATE TABLE branches (bid int PRIMARY KEY, bbalance int, filler char(88))",
                    "CREATE TABLE history (hid bigserial PRIMARY KEY, tid int, bid int, aid int, delta int, mtime timestamp,"
                            + " filler char(22))",
                    "CREATE TABLE events (id bigint PRIMARY KEY, kind text, amount numeric(12,2),"
                            + " at timestamptz, body text)",
                    "CREATE TABLE done (id int PRIMARY KEY)");

    private static final List<String> ROWS =
            List.of(
                    "INSERT INTO accounts SELECT n, 1, 0, '' FROM generate_series(1, 500000) n",
                    "INSERT INTO tellers SELECT n, 1, 0, '' FROM generate_series(1, 50) n",
                    "INSERT INTO branches SELECT n, 0, '' FROM generate_series(1, 5) n",
                    "VACUUM ANALYZE");

    private final TestDatabase target;

    PeerReplication(TestDatabase source, TestDatabase target) {
        this.target = target;
        source.execute("CREATE PUBLICATION peer FOR ALL TABLES");
        source.value("SELECT lsn FROM pg_create_logical_replication_slot('peer', 'pgoutput')");
        String connection =
                "host=127.0.0.1 port=%d user=%s dbname=%s password='%s'"
                        .formatted(
                                source.server().port(),
                                source.server().user(),
                                source.name(),
                                source.server().password().replaceAll("(['\\\\])", "\\\\$1"));
        target.execute(
                "CREATE SUBSCRIPTION peer CONNECTION '"
                        + connection.replace("'", "''")
                        + "' PUBLICATION peer WITH (create_slot = false, slot_name = peer,"
                        + " enabled = false, copy_data = false)");
    }

    @Override
    public void start() {
        target.execute("ALTER SUBSCRIPTION peer ENABLE");
    }

    /** None: all of it is the servers'. */
    @Override
    public double cpuSeconds() {
        return 0;
    }

    /** Drops the slot, too. */
    @Override
    public void close() {
        target.execute("DROP SUBSCRIPTION peer");
    }

    /** A database with the rows that both sides begin with. */
    static TestDatabase filled(PostgresServer server) {
        TestDatabase database = server.freshDatabase();
        TABLES.forEach(database::execute);
        ROWS.forEach(database::execute);
        return database;
    }
}
