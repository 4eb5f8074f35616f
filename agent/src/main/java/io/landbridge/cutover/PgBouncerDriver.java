package io.landbridge.cutover;

import io.landbridge.config.DatabaseConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves clients that come through PgBouncer: PAUSE, its file rewritten, RELOAD, RESUME.
 *
 * <p>PAUSE lets transactions in flight end and makes new ones wait; that is all that clients of
 * transaction pooling notice. In session pooling it waits for sessions to end, which clients with
 * pools of their own never do: with {@code disconnect} they are disconnected when the time is up,
 * their transactions in flight rolled back and unacknowledged.
 *
 * <p>A PgBouncer that is started again forgets its PAUSE and reads its file. So the file changes
 * only when clients are let go, behind the point of no return: nobody can be led to the other side
 * by an attempt that is taken back.
 *
 * @see <a href="https://www.pgbouncer.org/usage.html">PgBouncer's admin console</a>
 */
public final class PgBouncerDriver implements TrafficDriver {

    private static final Logger LOG = LoggerFactory.getLogger(PgBouncerDriver.class);
    private final PgBouncerConsole console;
    private final PgBouncerFile file;
    private final String database;
    private final boolean disconnect;
    private final Place there;

    /** Where a server is, as PgBouncer reaches it. */
    public record Place(String host, int port, String database) {}

    /**
     * @param admin the console; its database is called {@code pgbouncer}
     * @param path the file whose line for {@code database} is rewritten
     * @param database what clients call it
     * @param there where {@link #switchOver} points them
     */
    public PgBouncerDriver(
            DatabaseConfig admin, Path path, String database, boolean disconnect, Place there) {
        this.console = new PgBouncerConsole(admin);
        this.file = new PgBouncerFile(path, database);
        this.database = database;
        this.disconnect = disconnect;
        this.there = there;
    }

    @Override
    public String name() {
        return "pgbouncer";
    }

    @Override
    public boolean holdsClients() {
        return true;
    }

    @Override
    public void check() {
        file.check();
        console.isPaused(database);
    }

    @Override
    public void hold(Duration timeout) {
        console.wake();
        if (console.isPaused(database)) {
            console.run(command("RESUME"));
        }
        try {
            console.run(command("PAUSE"), timeout);
        } catch (PgBouncerConsole.Late e) {
            if (!disconnect) {
                throw Fault.of(
                                FaultCode.CUTOVER_REFUSED,
                                "clients did not let go of their connections within "
                                        + timeout.toMillis()
                                        + " ms",
                                e)
                        .hint(
                                "with session pooling set cutover.traffic.pgbouncer.disconnect;"
                                        + " else look for long transactions, or raise"
                                        + " cutover.hold-timeout");
            }
            LOG.info("disconnecting the clients of {} that hold their sessions", database);
            console.run(command("KILL"));
        }
    }

    /** Sees that {@link #release} can do it. */
    @Override
    public void switchOver() {
        check();
    }

    @Override
    public void release() {
        file.pointTo(there);
        letGo();
    }

    private void letGo() {
        console.run("RELOAD");
        if (console.isPaused(database)) {
            console.run(command("RESUME"));
        }
        console.rest();
    }

    @Override
    public void undo() {
        file.restore();
        letGo();
        file.forget();
    }

    @Override
    public void forget() {
        file.forget();
    }

    /** The driver that points clients back to where they were, from where this one points them. */
    public TrafficDriver back() {
        return new Back();
    }

    /** What this driver did, undone on purpose; undoing that points clients there again. */
    private final class Back implements TrafficDriver {

        @Override
        public String name() {
            return PgBouncerDriver.this.name();
        }

        @Override
        public boolean holdsClients() {
            return true;
        }

        @Override
        public void check() {
            PgBouncerDriver.this.check();
            file.checkKept();
        }

        @Override
        public void hold(Duration timeout) {
            PgBouncerDriver.this.hold(timeout);
        }

        @Override
        public void switchOver() {
            check();
        }

        @Override
        public void release() {
            file.checkKept();
            file.restore();
            letGo();
        }

        @Override
        public void undo() {
            PgBouncerDriver.this.release();
        }

        @Override
        public void forget() {
            file.forget();
        }
    }

    private String command(String verb) {
        return verb + " \"" + database.replace("\"", "\"\"") + "\"";
    }
}
