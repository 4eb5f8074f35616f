package io.landbridge.target;

import java.sql.Connection;

/**
 * One connection that replicated rows are written through; owned by one thread at a time. Always in
 * a transaction (auto-commit off), with foreign keys silent.
 */
public interface TargetSession extends AutoCloseable {

    Connection connection();

    /** What the server calls it: a process's or a connection's number. */
    long id();

    /** Ends the session at once, from any thread, also in the middle of a statement. */
    void abort();

    /** Ends the session; whatever was not committed is rolled back by the server. */
    @Override
    void close();
}
