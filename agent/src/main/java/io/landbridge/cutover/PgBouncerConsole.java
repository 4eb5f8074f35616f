package io.landbridge.cutover;

import io.landbridge.config.DatabaseConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * PgBouncer's admin console, through psql: pgjdbc can't talk to it, since it insists on a SET that
 * the console refuses. Each call connects anew: PgBouncer may be restarted between two steps.
 *
 * @see <a href="https://www.pgbouncer.org/usage.html#admin-console">PgBouncer's admin console</a>
 */
final class PgBouncerConsole {

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int CONNECT_SECONDS = 5;

    private final DatabaseConfig place;

    PgBouncerConsole(DatabaseConfig place) {
        this.place = place;
    }

    /** It took longer than it may; what was begun may go on. */
    static final class Late extends Exception {
        Late(String command) {
            super(command);
        }
    }

    /** Whether clients of {@code database} are held, or are about to be. */
    boolean isPaused(String database) {
        List<String> lines = run("SHOW DATABASES").lines().toList();
        List<String> names = cells(lines.get(0));
        for (String line : lines.subList(1, lines.size())) {
            List<String> cells = cells(line);
            if (cells.get(names.indexOf("name")).equals(database)) {
                return !cells.get(names.indexOf("paused")).equals("0");
            }
        }
        throw TrafficFaults.of("PgBouncer knows no database " + database);
    }

    private static List<String> cells(String line) {
        return Arrays.asList(line.split("\t", -1));
    }

    /** As {@link #run(String, Duration)}, within some seconds. */
    String run(String command) {
        try {
            return run(command, ANSWER);
        } catch (Late e) {
            throw TrafficFaults.of("PgBouncer does not answer " + command + " in time", e);
        }
    }

    /** What the console answers, columns parted by tabs, their names first. */
    String run(String command, Duration limit) throws Late {
        try {
            Path output = Files.createTempFile("landbridge-pgbouncer-", ".out");
            try {
                Process psql = start(command, output);
                try {
                    psql.getOutputStream().close();
                    if (!psql.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                        throw new Late(command);
                    }
                } finally {
                    psql.destroyForcibly();
                }
                String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
                if (psql.exitValue() != 0) {
                    throw TrafficFaults.of(
                            "PgBouncer at "
                                    + place.display()
                                    + " refuses "
                                    + command
                                    + ": "
                                    + said.strip());
                }
                return said;
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw TrafficFaults.of("psql can't be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TrafficFaults.of("interrupted while PgBouncer was told " + command, e);
        }
    }

    /** The password goes through the environment: others can read a command line. */
    private Process start(String command, Path output) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        "psql",
                        "--no-psqlrc",
                        "--quiet",
                        "--no-password",
                        "--no-align",
                        "--field-separator=\t",
                        "--pset=footer=off",
                        "--set=ON_ERROR_STOP=1",
                        "--command=" + command);
        Map<String, String> environment = builder.environment();
        environment.put("PGHOST", place.host());
        environment.put("PGPORT", String.valueOf(place.port()));
        environment.put("PGDATABASE", place.database());
        environment.put("PGUSER", place.user());
        environment.put("PGPASSWORD", place.password().reveal());
        environment.put("PGCONNECT_TIMEOUT", String.valueOf(CONNECT_SECONDS));
        put(environment, "PGSSLMODE", "sslmode");
        put(environment, "PGSSLROOTCERT", "sslrootcert");
        return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }

    private void put(Map<String, String> environment, String variable, String parameter) {
        if (place.parameters().containsKey(parameter)) {
            environment.put(variable, place.parameters().get(parameter));
        }
    }
}
