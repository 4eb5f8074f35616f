package io.landbridge.bench;

import io.landbridge.change.TableId;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.config.LoadConfig;
import io.landbridge.config.SchemaConfig;
import io.landbridge.config.Secret;
import io.landbridge.config.TablesConfig;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.Side;
import io.landbridge.load.BulkLoad;
import io.landbridge.schema.Sql;
import io.landbridge.schema.mysql.MysqlSchema;
import io.landbridge.source.MysqlCopySource;
import io.landbridge.testkit.MysqlServer;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The bulk load from MySQL beside {@code mysql --quick | psql COPY} in one stream and in two, and
 * beside pgloader, in turn. The pipes' tables, keys and indexes are made by our own schema, as ours
 * are; pgloader makes its own. None encrypts, or with {@code tls=1} all do towards MySQL: drivers
 * and programs differ in what they do unasked.
 *
 * <p>Arguments: {@code [sbtest=ROWS] [orders=ROWS] [rounds=N] [workers=N] [chunk-rows=N]
 * [indexes=0] [tls=1] [only=ours|pipe|pipes|pgloader]}.
 */
public final class MysqlLoadBench {

    /** Of both servers: what the programs we compare with can type without quotes. */
    private static final String USER = "bench";

    private static final SchemaConfig SCHEMA =
            new SchemaConfig(SchemaConfig.Mode.CREATE, true, false, "none");

    private static final int SERIES = 1_000_000;

    private final MysqlServer sourceServer;
    private final PostgresServer targetServer;
    private final Arguments arguments;

    private MysqlLoadBench(
            MysqlServer sourceServer, PostgresServer targetServer, Arguments arguments) {
        this.sourceServer = sourceServer;
        this.targetServer = targetServer;
        this.arguments = arguments;
    }

    /**
     * A table, how it is filled with as many rows as {@code n} has, and how many indexes it has.
     */
    private record Subject(String table, long rows, String create, String fill, int indexes) {}

    /** One way to copy the only table of a database, indexes included. */
    private interface Contender {
        void copy(Subject subject, MysqlTestDatabase source, TestDatabase target) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        try (MysqlServer from =
                        MysqlServer.start(
                                Map.of(
                                        "innodb-buffer-pool-size", "1G",
                                        "innodb-redo-log-capacity", "1G",
                                        // All that pgloader knows.
                                        "default-authentication-plugin", "mysql_native_password",
                                        "skip-log-bin", "ON"));
                PostgresServer to = PostgresServer.start(17, LoadBench.SETTINGS)) {
            new MysqlLoadBench(from, to, Arguments.of(arguments)).run();
        }
    }

    private boolean encrypted() {
        return arguments.number("tls", 0) == 1;
    }

    private MysqlDatabase open(MysqlTestDatabase source) {
        DatabaseConfig config = source.config();
        return new MysqlDatabase(
                new DatabaseConfig(
                        config.kind(),
                        config.host(),
                        config.port(),
                        config.database(),
                        USER,
                        new Secret(USER),
                        Map.of("sslMode", encrypted() ? "REQUIRED" : "DISABLED"),
                        config.poolSize()),
                Side.SOURCE);
    }

    private void run() throws Exception {
        new MysqlTestDatabase(sourceServer, "")
                .execute(
                        "CREATE USER bench@'%' IDENTIFIED WITH mysql_native_password BY 'bench'",
                        "GRANT ALL ON *.* TO bench@'%'");
        new TestDatabase(targetServer, "postgres")
                .execute("CREATE ROLE bench SUPERUSER LOGIN PASSWORD 'bench'");
        Map<String, Contender> contenders = new LinkedHashMap<>();
        contenders.put("pipe", this::pipe);
        contenders.put("pipes", this::pipes);
        contenders.put("pgloader", this::pgloader);
        contenders.put(Race.OURS, this::ours);
        arguments.choose(contenders.keySet());
        for (Subject subject : subjects()) {
            if (subject.rows() > 0) {
                compare(subject, contenders);
            }
        }
    }

    private List<Subject> subjects() {
        boolean indexed = arguments.number("indexes", 1) == 1;
        return List.of(
                new Subject(
                        "sbtest1",
                        arguments.number("sbtest", 2_000_000),
                        "CREATE TABLE sbtest1 (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, k int NOT"
                                + " NULL DEFAULT 0, c char(120) NOT NULL DEFAULT '', pad char(60) NOT"
                                + " NULL DEFAULT ''%s)".formatted(indexed ? ", KEY k_1 (k)" : ""),
                        "INSERT INTO sbtest1 SELECT i, 1 + i * 7919 % 1000000, LEFT(CONCAT_WS('-',"
                                + " MD5(i), MD5(i + 1), MD5(i + 2), MD5(i + 3)), 119),"
                                + " LEFT(CONCAT_WS('-', MD5(-i), MD5(-i - 1)), 59) FROM n",
                        indexed ? 2 : 1),
                new Subject(
                        "orders",
                        arguments.number("orders", 1_000_000),
                        "CREATE TABLE orders (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, customer_id"
                                + " bigint NOT NULL, status enum('new', 'paid', 'shipped', 'done') NOT"
                                + " NULL, currency char(3), amount decimal(12,2), tax decimal(12,2),"
                                + " created_at datetime NOT NULL, updated_at timestamp(3) NULL, note"
                                + " varchar(200), address json, paid tinyint(1), token char(36)%s)"
                                        .formatted(
                                                indexed
                                                        ? ", KEY by_customer (customer_id, created_at),"
                                                                + " KEY by_status (status, updated_at),"
                                                                + " UNIQUE KEY by_token (token)"
                                                        : ""),
                        "INSERT INTO orders SELECT i, i * 7919 % 100000, 1 + i % 4, 'EUR', i % 10000 /"
                                + " 7, i % 1000 / 9, '2024-01-01' + INTERVAL i SECOND, IF(i % 3 = 0,"
                                + " '2024-01-01 00:00:00.125' + INTERVAL i SECOND, NULL),"
                                + " REPEAT(MD5(i), i % 4), JSON_OBJECT('street', MD5(i % 999), 'zip', i"
                                + " % 99999, 'city', CONCAT('city ', i % 500)), i % 2,"
                                + " INSERT(INSERT(INSERT(INSERT(MD5(i), 21, 0, '-'), 17, 0, '-'), 13, 0,"
                                + " '-'), 9, 0, '-') FROM n",
                        indexed ? 4 : 1));
    }

    private void compare(Subject subject, Map<String, Contender> contenders) throws Exception {
        MysqlTestDatabase source = filled(subject);
        System.out.printf(
                "%s: %,d rows, %s MiB%n",
                subject.table(),
                subject.rows(),
                source.value(
                        "SELECT data_length >> 20 FROM information_schema.tables WHERE table_schema ="
                                + " DATABASE()"));
        Race race = new Race(subject.table(), subject.rows());
        for (int round = 0; round < arguments.number("rounds", 3); round++) {
            for (Map.Entry<String, Contender> contender : contenders.entrySet()) {
                race.add(contender.getKey(), time(subject, source, contender.getValue()));
            }
        }
        race.summarize();
        source.execute("DROP DATABASE " + source.name());
    }

    /** The table, filled in pieces: one statement of all rows would be one huge transaction. */
    private MysqlTestDatabase filled(Subject subject) {
        MysqlTestDatabase source = sourceServer.freshDatabase();
        source.execute(subject.create());
        for (long done = 0; done < subject.rows(); done += SERIES) {
            source.execute(
                    "SET SESSION cte_max_recursion_depth = "
                            + SERIES
                            + "; CREATE TEMPORARY TABLE n (i bigint PRIMARY KEY); INSERT INTO n WITH"
                            + " RECURSIVE s AS (SELECT "
                            + (done + 1)
                            + " i UNION ALL SELECT i + 1 FROM s WHERE i < "
                            + Math.min(done + SERIES, subject.rows())
                            + ") SELECT i FROM s; "
                            + subject.fill()
                            + "; DROP TEMPORARY TABLE n");
        }
        source.execute("ANALYZE TABLE " + subject.table());
        return source;
    }

    private Race.Result time(Subject subject, MysqlTestDatabase source, Contender contender)
            throws Exception {
        TestDatabase target = targetServer.freshDatabase();
        target.execute("CHECKPOINT");
        CpuMeter cpu = new CpuMeter(source, target);
        double server = cpu.serverSeconds();
        double mover = CpuMeter.moverSeconds();
        long start = System.nanoTime();
        contender.copy(subject, source, target);
        Race.Result result =
                new Race.Result(
                        (System.nanoTime() - start) / 1e9,
                        cpu.serverSeconds() - server,
                        CpuMeter.moverSeconds() - mover);
        String table = Sql.quote(new TableId(source.name(), subject.table()));
        long rows = target.number("SELECT count(*) FROM " + table);
        long indexes =
                target.number(
                        "SELECT count(*) FROM pg_index WHERE indrelid = '" + table + "'::regclass");
        if (rows != subject.rows() || indexes != subject.indexes()) {
            throw new IllegalStateException(rows + " rows, " + indexes + " indexes arrived");
        }
        new TestDatabase(targetServer, "postgres").execute("DROP DATABASE " + target.name());
        return result;
    }

    private void ours(Subject subject, MysqlTestDatabase source, TestDatabase target)
            throws Exception {
        int workers = arguments.number("workers", 2);
        LoadConfig config = new LoadConfig(workers, arguments.number("chunk-rows", 1_000_000), 0);
        withSchema(
                source,
                target,
                (from, to, schema) -> {
                    try (BulkLoad load =
                            new BulkLoad(
                                    new MysqlCopySource(from, schema.mapped()),
                                    to,
                                    "bench",
                                    schema.tables(),
                                    schema.targetTables(),
                                    Set.of(),
                                    config)) {
                        load.plan();
                        load.run();
                    }
                });
    }

    /** What fills the tables that a schema has made. */
    private interface Filling {
        void fill(MysqlDatabase from, Database to, MysqlSchema schema) throws Exception;
    }

    private void withSchema(MysqlTestDatabase source, TestDatabase target, Filling filling)
            throws Exception {
        TablesConfig all = new TablesConfig(List.of(source.name() + ".*"), List.of());
        try (MysqlDatabase from = open(source);
                Database to = target.open(Side.TARGET)) {
            MysqlSchema schema = new MysqlSchema("bench", from, to, SCHEMA, all, 2);
            schema.prepare();
            long start = System.nanoTime();
            filling.fill(from, to, schema);
            System.out.printf(
                    Locale.ROOT, "  %34.1f s of it copied%n", (System.nanoTime() - start) / 1e9);
            schema.buildKeys(progress -> {});
            schema.buildRest(progress -> {});
        }
    }

    private void pipe(Subject subject, MysqlTestDatabase source, TestDatabase target)
            throws Exception {
        withSchema(source, target, (from, to, schema) -> pipe(subject, source, target, "true"));
    }

    private void pipes(Subject subject, MysqlTestDatabase source, TestDatabase target)
            throws Exception {
        long half = subject.rows() / 2;
        withSchema(
                source,
                target,
                (from, to, schema) ->
                        Both.run(
                                () -> pipe(subject, source, target, "id <= " + half),
                                () -> pipe(subject, source, target, "id > " + half)));
    }

    private void pipe(Subject subject, MysqlTestDatabase source, TestDatabase target, String range)
            throws Exception {
        ShellCommand.run(
                "mysql --quick --batch --skip-column-names --default-character-set=utf8mb4"
                        + " %s -h 127.0.0.1 -P %d -u %s %s -e 'SELECT * FROM %s WHERE %s'"
                                .formatted(
                                        encrypted() ? "--ssl" : "",
                                        sourceServer.port(),
                                        USER,
                                        source.name(),
                                        subject.table(),
                                        range)
                        + " | psql -X -q '%s' -c \"COPY %s.%s FROM STDIN WITH (NULL 'NULL')\""
                                .formatted(uri(target, ""), source.name(), subject.table()),
                Map.of("MYSQL_PWD", USER, "PGPASSWORD", USER, "PGOPTIONS", "-c timezone=UTC"));
    }

    private void pgloader(Subject subject, MysqlTestDatabase source, TestDatabase target)
            throws Exception {
        Path work = Scratch.directory();
        Path commands =
                Files.writeString(
                        work.resolve("commands"),
                        """
                        LOAD DATABASE FROM mysql://%1$s:%1$s@127.0.0.1:%2$d/%3$s INTO %4$s
                        WITH workers = 2, concurrency = 1, multiple readers per thread,
                             rows per range = 250000, max parallel create index = 2
                        SET MySQL PARAMETERS character_set_results to 'utf8mb3';
                        """
                                .formatted(
                                        USER,
                                        sourceServer.port(),
                                        source.name(),
                                        uri(target, ":" + USER)));
        ShellCommand.run(
                "pgloader --root-dir %1$s %2$s > %1$s/log 2>&1 ; grep -qE 'ERROR|FATAL' %1$s/log && cat %1$s/log; true"
                        .formatted(work, commands),
                Map.of());
        Scratch.remove(work);
    }

    private String uri(TestDatabase database, String password) {
        return "postgresql://%s%s@127.0.0.1:%d/%s"
                .formatted(USER, password, targetServer.port(), database.name());
    }
}
