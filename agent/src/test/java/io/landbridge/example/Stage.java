package io.landbridge.example;

import io.landbridge.testkit.AgentApi;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.MysqlServer;
import io.landbridge.testkit.MysqlTestDatabase;
import io.landbridge.testkit.Ports;
import io.landbridge.testkit.PostgresServer;
import io.landbridge.testkit.SqlAccess;
import io.landbridge.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * MySQL 8.0 and PostgreSQL 17, each with an empty database {@code shop}, and the agent between
 * them, with the example's own configuration file. Everything is gone at the end.
 */
final class Stage implements AutoCloseable {

    /**
     * Sums the first 48 bits of each row's hash: equal where both sides hold the same rows,
     * whatever their order. The agent's own comparison has no part in it.
     */
    private static final String MYSQL_SUM =
            "SELECT CONCAT(COUNT(*), ' rows, sum of hashes ', COALESCE(SUM(CAST(CONV(SUBSTR(MD5(%s), 1,"
                    + " 12), 16, 10) AS UNSIGNED)), 0)) FROM %s";

    private static final String POSTGRES_SUM =
            "SELECT count(*) || ' rows, sum of hashes ' || coalesce(sum(('x' || substr(md5(%s), 1,"
                    + " 12))::bit(48)::bigint), 0) FROM %s";

    private final long began = System.nanoTime();
    private final Path config;
    private final MysqlServer old;
    private final PostgresServer next;
    private final MysqlTestDatabase source;
    private final TestDatabase target;
    private final Path directory;
    private final int port = Ports.free();
    private final AgentApi api = new AgentApi(port);
    private final Map<String, String> environment = new HashMap<>();

    /** {@code example}: the configuration file's name, without its ending. */
    Stage(String example) throws IOException {
        config =
                Path.of(System.getProperty("landbridge.examples", "../scripts/examples"))
                        .resolve(example + ".yaml")
                        .toAbsolutePath();
        say("starting MySQL 8.0 (source) and PostgreSQL 17 (target)");
        old = MysqlServer.start(Map.of());
        next = PostgresServer.start(17, Map.of());
        source = old.createDatabase("shop");
        target = next.createDatabase("shop");
        directory = Files.createTempDirectory("landbridge-example-");
        environment.put("SOURCE_DB_URL", AgentHome.url(source.config()));
        environment.put("TARGET_DB_URL", AgentHome.url(target.config()));
        environment.put("STATE_DIR", directory.resolve("state").toString());
        environment.put("HTTP_PORT", String.valueOf(port));
    }

    MysqlTestDatabase source() {
        return source;
    }

    TestDatabase target() {
        return target;
    }

    /** What the configuration file's placeholder stands for from now on. */
    Stage with(String variable, Object value) {
        environment.put(variable, String.valueOf(value));
        return this;
    }

    void say(String what) {
        System.out.printf("[%6.1f s] %s%n", (System.nanoTime() - began) / 1e9, what);
    }

    /** Where a running agent answers. */
    AgentApi api() {
        return api;
    }

    /** Runs {@code landbridge COMMAND --config FILE OPTIONS} to its end. */
    void landbridge(String command, String... options) throws IOException {
        try (AgentProcess agent = start(command, options)) {
            int status = agent.await(Duration.ofHours(12));
            if (status != 0) {
                throw new IllegalStateException(
                        "landbridge " + command + " ended with status " + status);
            }
        }
    }

    /** Starts {@code landbridge COMMAND --config FILE OPTIONS}, which prints to where we do. */
    AgentProcess start(String command, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(command, "--config=" + config));
        arguments.addAll(List.of(options));
        say("$ landbridge " + String.join(" ", arguments));
        String launcher = System.getProperty("landbridge.launcher");
        return launcher == null
                ? AgentProcess.start(directory.resolve("output.log"), environment, arguments)
                : AgentProcess.launch(Path.of(launcher), environment, arguments);
    }

    /**
     * Whether a table holds the same rows on both sides, by a question of its own to each.
     *
     * @param sourceText MySQL's expression for a row's text
     * @param targetText PostgreSQL's, for the same text
     */
    boolean isEqual(String table, String sourceText, String targetText) {
        return sum(source, MYSQL_SUM, table, sourceText)
                .equals(sum(target, POSTGRES_SUM, table, targetText));
    }

    /** As {@link #isEqual}, and tells it; false counts as failure of the example. */
    boolean compare(String table, String sourceText, String targetText) {
        say("MySQL       " + table + ": " + sum(source, MYSQL_SUM, table, sourceText));
        say("PostgreSQL  " + table + ": " + sum(target, POSTGRES_SUM, table, targetText));
        boolean equal = isEqual(table, sourceText, targetText);
        say(equal ? "equal" : "THE SIDES DIFFER");
        return equal;
    }

    private static String sum(SqlAccess side, String query, String table, String text) {
        return side.value(query.formatted(text, table));
    }

    @Override
    public void close() throws IOException {
        old.close();
        next.close();
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
