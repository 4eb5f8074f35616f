package io.landbridge.phase;

import io.landbridge.jdbc.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * How many of a database's transactions are rolled back from one look to the next, by the server's
 * own count ({@code pg_stat_database}, which sessions bring up to date once a second).
 */
final class ErrorRate {

    /** Fewer transactions than this say nothing; they are counted with the next look's. */
    private static final int LEAST_TRANSACTIONS = 20;

    private static final int OFF = 100;

    private record Counts(long committed, long rolledBack) {

        private static Counts of(ResultSet row) throws SQLException {
            row.next();
            return new Counts(row.getLong(1), row.getLong(2));
        }

        private Counts since(Counts earlier) {
            return new Counts(committed - earlier.committed, rolledBack - earlier.rolledBack);
        }

        private long all() {
            return committed + rolledBack;
        }
    }

    private final Database database;
    private final int mostPercent;
    private Counts last;
    private Optional<String> verdict = Optional.empty();

    /** {@code mostPercent}: 0 to 100; with 100 nobody is asked. */
    ErrorRate(Database database, int mostPercent) {
        this.database = database;
        this.mostPercent = mostPercent;
    }

    /**
     * What is wrong, as of the last time that there were transactions enough to tell; the first
     * look only begins to count.
     */
    Optional<String> look() {
        if (mostPercent == OFF) {
            return Optional.empty();
        }
        Counts now = count();
        // Less than before: somebody has reset the statistics, or the server has crashed.
        if (last == null || now.all() < last.all()) {
            last = now;
            verdict = Optional.empty();
            return verdict;
        }
        Counts passed = now.since(last);
        if (passed.all() < LEAST_TRANSACTIONS) {
            return verdict;
        }
        last = now;
        long percent = passed.rolledBack * 100 / passed.all();
        verdict =
                percent > mostPercent
                        ? Optional.of(
                                "%d of %d transactions were rolled back (%d %%)"
                                        .formatted(passed.rolledBack, passed.all(), percent))
                        : Optional.empty();
        return verdict;
    }

    private Counts count() {
        return database.with(
                "counting transactions",
                connection -> {
                    try (var statement = connection.createStatement();
                            var row =
                                    statement.executeQuery(
                                            "SELECT xact_commit, xact_rollback FROM"
                                                    + " pg_stat_database WHERE datname ="
                                                    + " current_database()")) {
                        return Counts.of(row);
                    }
                });
    }
}
