package io.landbridge.target;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.jdbc.SqlWork;
import io.landbridge.schema.mysql.MappedTable;
import io.landbridge.schema.mysql.MysqlSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A MySQL server that changes are written back to, into the tables that they came from. What the
 * applier keeps beside the rows lies in the database {@code landbridge} there.
 */
public final class MysqlDestination implements Destination {

    private final MysqlDatabase database;
    private final Map<TableId, MappedTable> tables;

    /**
     * @param database whose connections may write to the tables
     * @param tables as both sides have them now
     */
    public MysqlDestination(MysqlDatabase database, List<MappedTable> tables) {
        this(
                database,
                tables.stream()
                        .collect(Collectors.toMap(MappedTable::sourceId, Function.identity())));
    }

    private MysqlDestination(MysqlDatabase database, Map<TableId, MappedTable> tables) {
        this.database = database;
        this.tables = Map.copyOf(tables);
    }

    @Override
    public MysqlDestination answeringWithin(Duration silence) {
        return new MysqlDestination(database.answeringWithin(silence), tables);
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
        database.with(
                "making the applier's tables",
                connection -> {
                    MysqlApplierTables.create(connection);
                    return null;
                });
    }

    @Override
    public MysqlSession session(String purpose, Duration lockTimeout) {
        return MysqlSession.open(database, purpose, lockTimeout);
    }

    @Override
    public Optional<TargetTable> table(TableId table) {
        return Optional.ofNullable(tables.get(table))
                .map(mapped -> new MysqlTargetTable(mapped, Set.of()));
    }

    /** Row by row: MySQL's TRUNCATE would commit what is written before it. */
    @Override
    public void truncate(Connection connection, List<TargetTable> emptied) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (TargetTable table : emptied) {
                statement.execute("DELETE FROM " + MysqlSql.quote(table.id()));
            }
        }
    }

    @Override
    public Refusal judge(SQLException error) {
        return MysqlRefusal.of(error);
    }

    @Override
    public Optional<String> lockHolders(List<Long> sessions) {
        return database.with(
                "a look at locks", connection -> MysqlLockHolders.of(connection, sessions));
    }
}
