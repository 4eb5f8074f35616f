package io.landbridge.bench;

import io.landbridge.change.TableId;
import io.landbridge.config.LoadConfig;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.load.BulkLoad;
import io.landbridge.schema.PostgresCatalogue;
import io.landbridge.schema.Table;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The bulk load beside {@code psql COPY | psql COPY} in two streams and pgcopydb with two jobs, all
 * with the same indexes built afterwards, between the same two servers, in turn.
 *
 * <p>Arguments: {@code [accounts=ROWS] [orders=ROWS] [rounds=N] [only=ours|psql|pgcopydb]}.
 */
public final class LoadBench {

    /** Of PostgreSQL: nothing of its own disturbs a measurement. */
    static final Map<String, String> SETTINGS =
            Map.of(
                    "shared_buffers", "512MB",
                    "max_wal_size", "8GB",
                    "maintenance_work_mem", "256MB",
                    "max_parallel_maintenance_workers", "0",
                    "checkpoint_timeout", "30min",
                    "autovacuum", "off");

    private final TestDatabase source;
    private final PostgresServer targetServer;
    private final Arguments arguments;

    private LoadBench(TestDatabase source, PostgresServer targetServer, Arguments arguments) {
        this.source = source;
        this.targetServer = targetServer;
        this.arguments = arguments;
    }

    /** A table, how it is filled, and what stands on it afterwards. */
    private record Subject(
            String table,
            String key,
            long rows,
            String create,
            String fill,
            List<String> indexes) {}

    /** One way to copy a subject into an empty database of the target. */
    private interface Contender {
        void copy(Subject subject, TestDatabase target) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        try (PostgresServer from = PostgresServer.start(14, SETTINGS);
                PostgresServer to = PostgresServer.start(17, SETTINGS)) {
            new LoadBench(from.createDatabase("bench"), to, Arguments.of(arguments)).run();
        }
    }

    private void run() throws Exception {
        Map<String, Contender> contenders = new LinkedHashMap<>();
        contenders.put("psql", this::psql);
        contenders.put("pgcopydb", this::pgcopydb);
        contenders.put(Race.OURS, this::ours);
        arguments.choose(contenders.keySet());
        for (Subject subject : subjects()) {
            if (subject.rows() > 0) {
                compare(subject, contenders);
            }
        }
    }

    private List<Subject> subjects() {
        long accounts = arguments.number("accounts", 5_000_000);
        long orders = arguments.number("orders", 1_000_000);
        return List.of(
                new Subject(
                        "accounts",
                        "aid",
                        accounts,
                        "CREATE TABLE accounts (aid int NOT NULL, bid int, abalance int,"
                                + " filler char(84)) WITH (fillfactor = 100)",
                        "INSERT INTO accounts SELECT n, (n - 1) / 100000 + 1, 0, '' FROM"
                                + " generate_series(1, %d) n",
                        List.of("ALTER TABLE accounts ADD PRIMARY KEY (aid)")),
                new Subject(
                        "orders",
                        "id",
                        orders,
                        "CREATE TABLE orders (id bigint NOT NULL, customer_id bigint NOT NULL,"
                                + " status text NOT NULL, currency char(3), amount numeric(12,2),"
                                + " tax numeric(12,2), created_at timestamptz NOT NULL,"
                                + " updated_at timestamptz, note text, address jsonb, paid bool,"
                                + " token uuid)",
                        "INSERT INTO orders SELECT n, (n::bigint * 7919) %% 100000, (ARRAY['new', 'paid',"
                                + " 'shipped', 'done'])[n %% 4 + 1], 'EUR', n %% 10000 / 7.0,"
                                + " n %% 1000 / 9.0, timestamptz '2024-01-01' + n * interval"
                                + " '1 second', CASE WHEN n %% 3 = 0 THEN now() END, repeat(md5("
                                + "n::text), (n %% 4)::int), jsonb_build_object('street', md5((n %% 999)"
                                + "::text), 'zip', n %% 99999, 'city', 'city ' || n %% 500), n %% 2 = 0,"
                                + " md5(n::text)::uuid FROM generate_series(1, %d) n",
                        List.of(
                                "ALTER TABLE orders ADD PRIMARY KEY (id)",
                                "CREATE INDEX ON orders (customer_id, created_at)",
                                "CREATE INDEX ON orders (status, updated_at)",
                                "CREATE UNIQUE INDEX ON orders (token)")));
    }

    private void compare(Subject subject, Map<String, Contender> contenders) throws Exception {
        source.execute(subject.create(), subject.fill().formatted(subject.rows()));
        source.execute(subject.indexes().toArray(String[]::new));
        source.execute("VACUUM ANALYZE " + subject.table(), "CHECKPOINT");
        long bytes = source.number("SELECT pg_table_size('" + subject.table() + "')");
        System.out.printf("%s: %,d rows, %d MiB%n", subject.table(), subject.rows(), bytes >> 20);
        Race race = new Race(subject.table(), subject.rows());
        for (int round = 0; round < arguments.number("rounds", 3); round++) {
            for (Map.Entry<String, Contender> contender : contenders.entrySet()) {
                race.add(contender.getKey(), time(subject, contender.getValue()));
            }
        }
        race.summarize();
        source.execute("DROP TABLE " + subject.table());
    }

    private Race.Result time(Subject subject, Contender contender) throws Exception {
        TestDatabase target = targetServer.freshDatabase();
        source.execute("CHECKPOINT");
        target.execute("CHECKPOINT");
        CpuMeter cpu = new CpuMeter(source, target);
        double server = cpu.serverSeconds();
        double mover = CpuMeter.moverSeconds();
        long start = System.nanoTime();
        contender.copy(subject, target);
        Race.Result result =
                new Race.Result(
                        (System.nanoTime() - start) / 1e9,
                        cpu.serverSeconds() - server,
                        CpuMeter.moverSeconds() - mover);
        long rows = target.number("SELECT count(*) FROM " + subject.table());
        long indexes =
                target.number(
                        "SELECT count(*) FROM pg_index WHERE indrelid = '"
                                + subject.table()
                                + "'::regclass");
        if (rows != subject.rows() || indexes != subject.indexes().size()) {
            throw new IllegalStateException(rows + " rows, " + indexes + " indexes arrived");
        }
        new TestDatabase(targetServer, "postgres").execute("DROP DATABASE " + target.name());
        return result;
    }

    private void psql(Subject subject, TestDatabase target) throws Exception {
        target.execute(subject.create());
        long half = subject.rows() / 2;
        Both.run(
                () -> pipe(subject, target, subject.key() + " <= " + half),
                () -> pipe(subject, target, subject.key() + " > " + half));
        buildIndexes(subject, target);
    }

    private void pipe(Subject subject, TestDatabase target, String range) throws Exception {
        String copy =
                "psql -X -q '%s' -c \"COPY (SELECT * FROM %s WHERE %s) TO STDOUT (FORMAT binary)\""
                        + " | psql -X -q '%s' -c \"COPY %s FROM STDIN (FORMAT binary)\"";
        shell(copy.formatted(uri(source), subject.table(), range, uri(target), subject.table()));
    }

    private void pgcopydb(Subject subject, TestDatabase target) throws Exception {
        Path work = Scratch.directory();
        shell(
                "pgcopydb clone --source '%s' --target '%s' --dir '%s/work' --table-jobs 2"
                                .formatted(uri(source), uri(target), work)
                        + " --index-jobs 2 --split-tables-larger-than 100MB --no-owner --no-acl"
                        + " --skip-extensions > "
                        + work
                        + "/log 2>&1 || { cat "
                        + work
                        + "/log; exit 1; }");
        shell("rm -rf " + work);
    }

    private void ours(Subject subject, TestDatabase target) throws Exception {
        target.execute("CREATE SCHEMA landbridge", subject.create());
        TablesConfig all = new TablesConfig(List.of("public.*"), List.of());
        try (Database from = source.open(Side.SOURCE);
                Database to = target.open(Side.TARGET)) {
            Map<TableId, Table> there =
                    PostgresCatalogue.read(to, all).stream()
                            .collect(Collectors.toMap(Table::id, Function.identity()));
            LoadConfig config =
                    new LoadConfig(
                            arguments.number("workers", 2),
                            arguments.number("chunk-rows", 1_000_000),
                            0);
            try (BulkLoad load =
                    new BulkLoad(
                            from, to, "bench", PostgresCatalogue.read(from, all), there, config)) {
                load.plan();
                load.run();
            }
        }
        buildIndexes(subject, target);
    }

    private static void buildIndexes(Subject subject, TestDatabase target) throws Exception {
        List<String> ddl = subject.indexes();
        target.execute(ddl.get(0));
        if (ddl.size() > 1) {
            Both.run(
                    () -> target.execute(ddl.subList(1, ddl.size() / 2 + 1).toArray(String[]::new)),
                    () ->
                            target.execute(
                                    ddl.subList(ddl.size() / 2 + 1, ddl.size())
                                            .toArray(String[]::new)));
        }
    }

    /** Without the password, which both servers share and the environment carries. */
    private static String uri(TestDatabase database) {
        return "postgresql://%s@127.0.0.1:%d/%s"
                .formatted(database.server().user(), database.server().port(), database.name());
    }

    private void shell(String command) throws IOException, InterruptedException {
        ShellCommand.run(command, Map.of("PGPASSWORD", targetServer.password()));
    }
}
