package io.landbridge.target;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.SqlWork;
import io.landbridge.offsets.ProgressStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A PostgreSQL database that changes are written to: the target, or for the way back the source.
 */
public final class PostgresDestination implements Destination {

    private final Database database;

    public PostgresDestination(Database database) {
        this.database = database;
    }

    @Override
    public PostgresDestination answeringWithin(Duration silence) {
        return new PostgresDestination(database.answeringWithin(silence));
    }

    @Override
    public <T> T with(String doing, SqlWork<T> work) {
        return database.with(doing, work);
    }

    @Override
    public <T> T inTransaction(String doing, SqlWork<T> work) {
        return database.inTransaction(doing, work);
    }

    @Override
    public Fault fault(String doing, SQLException error) {
        return database.fault(doing, error);
    }

    @Override
    public void createTables() {
        database.inTransaction(
                "making the applier's tables",
                connection -> {
                    createSchema(connection);
                    ProgressStore.createTable(connection);
                    TableStates.createTable(connection);
                    ApplyNotes.createTable(connection);
                    return null;
                });
    }

    /** A role that may not make one can still work in it. */
    private static void createSchema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT to_regnamespace('landbridge') IS NULL")) {
            row.next();
            if (row.getBoolean(1)) {
                statement.execute("CREATE SCHEMA landbridge");
            }
        }
    }

    @Override
    public PostgresSession session(String purpose, Duration lockTimeout) {
        return PostgresSession.open(database, purpose, lockTimeout);
    }

    @Override
    public Optional<TargetTable> table(TableId table) {
        return database.with(
                "reading the catalogue of " + table,
                connection -> TargetCatalogue.read(connection, table).map(TargetTable.class::cast));
    }

    /** One statement: a TRUNCATE is refused while a table outside of it refers to one inside. */
    @Override
    public void truncate(Connection connection, List<TargetTable> tables) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    tables.stream()
                            .map(table -> ((PostgresTable) table).only())
                            .collect(Collectors.joining(", ", "TRUNCATE ", "")));
        }
    }

    @Override
    public Refusal judge(SQLException error) {
        return PostgresRefusal.of(error);
    }

    @Override
    public Optional<String> lockHolders(List<Long> sessions) {
        return database.with(
                "a look at locks", connection -> PostgresLockHolders.of(connection, sessions));
    }
}
