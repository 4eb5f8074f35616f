package io.landbridge.cutover;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.cutover.PsqlSession.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * PgBouncer's admin console, through psql: pgjdbc can't talk to it, since it insists on a SET that
 * the console refuses. One thread at a time.
 *
 * @see <a href="https://www.pgbouncer.org/usage.html#admin-console">PgBouncer's admin console</a>
 */
final class PgBouncerConsole {

    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final int CONNECT_SECONDS = 5;

    private final DatabaseConfig place;
    private boolean resting = true;
    private PsqlSession session;

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

    /**
     * Keeps a connection until {@link #rest}, so that what follows is not kept waiting by one being
     * made.
     */
    void wake() {
        resting = false;
    }

    /** Connects for each command anew. */
    void rest() {
        resting = true;
        end();
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
        boolean wasOpen = session != null;
        PsqlSession.Answer answer = ask(command, limit);
        if (answer.outcome() == Outcome.GONE && wasOpen) {
            // PgBouncer was restarted since; every command of ours may be given twice.
            answer = ask(command, limit);
        }
        return switch (answer.outcome()) {
            case DONE -> answer.said();
            case LATE -> throw new Late(command);
            case REFUSED, GONE ->
                    throw TrafficFaults.of(
                            "PgBouncer at "
                                    + place.display()
                                    + " refuses "
                                    + command
                                    + ": "
                                    + answer.said().strip());
        };
    }

    private PsqlSession.Answer ask(String command, Duration limit) {
        boolean usable = false;
        try {
            if (session == null) {
                session = new PsqlSession(environment());
            }
            PsqlSession.Answer answer = session.ask(command, limit);
            usable = answer.outcome() == Outcome.DONE || answer.outcome() == Outcome.REFUSED;
            return answer;
        } catch (IOException e) {
            throw TrafficFaults.of("psql can't be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TrafficFaults.of("interrupted while PgBouncer was told " + command, e);
        } finally {
            if (resting || !usable) {
                end();
            }
        }
    }

    private void end() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    /** The password goes through the environment: others can read a command line. */
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("PGHOST", place.host());
        environment.put("PGPORT", String.valueOf(place.port()));
        environment.put("PGDATABASE", place.database());
        environment.put("PGUSER", place.user());
        environment.put("PGPASSWORD", place.password().reveal());
        environment.put("PGCONNECT_TIMEOUT", String.valueOf(CONNECT_SECONDS));
        put(environment, "PGSSLMODE", "sslmode");
        put(environment, "PGSSLROOTCERT", "sslrootcert");
        return environment;
    }

    private void put(Map<String, String> environment, String variable, String parameter) {
        if (place.parameters().containsKey(parameter)) {
            environment.put(variable, place.parameters().get(parameter));
        }
    }
}
