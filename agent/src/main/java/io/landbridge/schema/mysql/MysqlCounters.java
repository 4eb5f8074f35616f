package io.landbridge.schema.mysql;

import io.landbridge.change.TableId;
import io.landbridge.jdbc.MysqlDatabase;
import io.landbridge.schema.Counters;
import io.landbridge.schema.Sequence;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * AUTO_INCREMENT as what goes on where the sequences of the target's columns stand. A table's next
 * value is never below its greatest one, whatever it is set to: rows that came with values of their
 * own have moved it already. It is only ever raised, as far as the column goes.
 */
public final class MysqlCounters implements Counters {

    /** Seconds: clients wait while a table is altered. */
    private static final int LOCK_PATIENCE = 5;

    private final MysqlDatabase database;
    private final List<MappedTable> tables;

    /** Counters of {@code tables}, over connections that may alter them. */
    public MysqlCounters(MysqlDatabase database, List<MappedTable> tables) {
        this.database = database;
        this.tables = List.copyOf(tables);
    }

    /** A table, and the value that it is to give next. */
    private record Goal(Sequence sequence, TableId table, BigInteger next, BigInteger largest) {

        boolean isPossible() {
            return next.compareTo(largest) <= 0;
        }
    }

    @Override
    public void set(List<Sequence> wanted) {
        database.with(
                "setting AUTO_INCREMENT",
                connection -> {
                    for (Goal goal : missed(connection, wanted)) {
                        if (goal.isPossible()) {
                            raise(connection, goal.table(), goal.next());
                        }
                    }
                    return null;
                });
    }

    private static void raise(Connection connection, TableId table, BigInteger next)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION lock_wait_timeout = " + LOCK_PATIENCE);
            statement.execute("ALTER TABLE " + MysqlSql.quote(table) + " AUTO_INCREMENT = " + next);
            statement.execute("SET SESSION lock_wait_timeout = DEFAULT");
        }
    }

    /** Those whose table would give a lower value next, or can't give the wanted one. */
    private List<Goal> missed(Connection connection, List<Sequence> wanted) throws SQLException {
        List<Goal> missed = new ArrayList<>();
        for (Sequence sequence : wanted) {
            Optional<Goal> goal = table(sequence).map(table -> goal(table, sequence));
            if (goal.isPresent()
                    && (!goal.get().isPossible()
                            || MysqlSequences.next(connection, goal.get().table())
                                            .compareTo(goal.get().next())
                                    < 0)) {
                missed.add(goal.get());
            }
        }
        return missed;
    }

    /** One that has given its last value leaves the column full, which MySQL is at its own last. */
    private static Goal goal(MappedTable table, Sequence sequence) {
        BigInteger largest = column(table, sequence).orElseThrow().source().largest();
        BigInteger next = BigInteger.valueOf(sequence.lastValue());
        if (sequence.called()) {
            next = next.add(BigInteger.valueOf(Math.max(0, sequence.increment())));
            if (sequence.lastValue() == sequence.maximum()) {
                next = next.min(largest);
            }
        }
        return new Goal(sequence, table.sourceId(), next, largest);
    }

    @Override
    public List<Sequence> differing(List<Sequence> wanted) {
        return database.with(
                "reading where AUTO_INCREMENT stands",
                connection ->
                        Stream.concat(
                                        absent(wanted).stream(),
                                        missed(connection, wanted).stream().map(Goal::sequence))
                                .toList());
    }

    @Override
    public List<Sequence> absent(List<Sequence> wanted) {
        return wanted.stream().filter(one -> table(one).isEmpty()).toList();
    }

    /** The table whose column counts as {@code sequence} does. */
    private Optional<MappedTable> table(Sequence sequence) {
        return tables.stream().filter(table -> column(table, sequence).isPresent()).findFirst();
    }

    private static Optional<MappedColumn> column(MappedTable table, Sequence sequence) {
        return table.columns().stream()
                .filter(column -> column.source().autoIncrement())
                .filter(
                        column ->
                                sequence.owner()
                                        .filter(owner -> owner.table().equals(table.targetId()))
                                        .filter(owner -> owner.column().equals(column.name()))
                                        .isPresent())
                .findFirst();
    }
}
