package io.landbridge.target;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.jdbc.SqlWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A database that changes are written to, as the applier sees it. Which kind of database it is,
 * nobody asks. Thread-safe; closed by whoever owns the connections beneath it.
 *
 * <p>What is kept there beside the rows ({@link io.landbridge.offsets.ProgressStore}, {@link
 * TableStates}, {@link ApplyNotes}) is read and written by the same statements everywhere; only
 * {@link #createTables} is not.
 */
public interface Destination {

    /**
     * The same over connections of its own that take a server which says nothing for so long as
     * lost; closed with this one.
     *
     * @param silence longer than any statement may take; whole seconds
     */
    Destination answeringWithin(Duration silence);

    /**
     * Runs {@code work} on a pooled connection in auto-commit; {@code doing} names it in faults.
     */
    <T> T with(String doing, SqlWork<T> work);

    /** As {@link #with}, in one transaction that commits when {@code work} returns. */
    <T> T inTransaction(String doing, SqlWork<T> work);

    /** The fault that {@code error} means here. */
    Fault fault(String doing, SQLException error);

    /** Makes {@code landbridge} and the tables that an applier keeps there, where absent. */
    void createTables();

    /**
     * Connects a session that rows are written through.
     *
     * @param purpose shown at the server behind {@code landbridge}
     * @param lockTimeout how long a statement waits for a lock that somebody else holds
     * @throws Fault when the server is not there, or the role lacks a right that writing takes
     */
    TargetSession session(String purpose, Duration lockTimeout);

    /** The table as it stands now, by its name here; empty when there is none. */
    Optional<TargetTable> table(TableId table);

    /**
     * Empties tables in the transaction of {@code connection}, a {@link #session}'s, at once: they
     * may refer to each other.
     */
    void truncate(Connection connection, List<TargetTable> tables) throws SQLException;

    /** What an error of a {@link #session} means for the batch that met it. */
    Refusal judge(SQLException error);

    /**
     * Names, for people, who holds the locks that {@code sessions} wait for.
     *
     * @param sessions as {@link TargetSession#id} gives them
     * @return empty when they wait for nobody, or nobody may tell
     */
    Optional<String> lockHolders(List<Long> sessions);
}
