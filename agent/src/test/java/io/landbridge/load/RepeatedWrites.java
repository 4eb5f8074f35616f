package io.landbridge.load;

import io.landbridge.testkit.Await;
import io.landbridge.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Runs the same statements again and again, each in its own transaction, until closed. */
final class RepeatedWrites implements AutoCloseable {

    private final Thread thread;
    private final AtomicLong rounds = new AtomicLong();
    private volatile boolean closing;
    private volatile SQLException failure;

    /** Returns after the first round. */
    RepeatedWrites(TestDatabase database, String... statements) {
        thread =
                new Thread(
                        () -> {
                            try (Connection connection = database.connect();
                                    Statement statement = connection.createStatement()) {
                                while (!closing) {
                                    for (String sql : statements) {
                                        statement.execute(sql);
                                    }
                                    rounds.incrementAndGet();
                                }
                            } catch (SQLException e) {
                                failure = e;
                            }
                        },
                        "writes");
        thread.start();
        Await.until("something is written", Duration.ofSeconds(30), () -> rounds.get() > 0);
    }

    long rounds() {
        return rounds.get();
    }

    /** Ends the writing; throws what went wrong with it. */
    void end() throws SQLException {
        closing = true;
        Await.until("the writer ends", Duration.ofSeconds(30), () -> !thread.isAlive());
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() throws SQLException {
        end();
    }
}
