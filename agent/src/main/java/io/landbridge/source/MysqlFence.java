package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.MysqlDatabase;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a MySQL server, or its migrated tables, read-only: the server where our rights are enough
 * for that and it keeps everybody out, else each table. Which one is decided when it is armed.
 */
public final class MysqlFence implements Fence {

    private final MysqlDatabase source;
    private final MysqlServerFence server;
    private final MysqlTableFence tables;

    public MysqlFence(MysqlDatabase source, MysqlLog log) {
        this.source = source;
        this.server = new MysqlServerFence(source, log);
        this.tables = new MysqlTableFence(source, log);
    }

    /** The same server over connections that write through its fence; the caller's to close. */
    public static MysqlDatabase passing(MysqlDatabase source, MysqlLog log) {
        return source.setting(MysqlTableFence.PASS, "'" + log.name() + "'");
    }

    /**
     * As {@link Fence#arm}.
     *
     * @throws Fault SOURCE_RIGHTS when the rights are enough for neither
     */
    @Override
    public void arm(Collection<TableId> wanted, LockPatience patience) {
        if (tables.isArmed() || !source.dialect().shutsForAll()) {
            tables.arm(wanted, patience);
            return;
        }
        try {
            server.arm(wanted, patience);
        } catch (Fault denied) {
            if (denied.code() != FaultCode.SOURCE_RIGHTS) {
                throw denied;
            }
            armTables(wanted, patience, denied);
        }
    }

    private void armTables(Collection<TableId> wanted, LockPatience patience, Fault denied) {
        try {
            tables.arm(wanted, patience);
        } catch (Fault e) {
            e.addSuppressed(denied);
            throw e;
        }
    }

    @Override
    public void raise(Collection<TableId> wanted, String marker, LockPatience patience) {
        chosen().raise(wanted, marker, patience);
    }

    private Fence chosen() {
        return tables.isArmed() ? tables : server;
    }

    @Override
    public boolean isRaised() {
        return server.isRaised() || tables.isRaised();
    }

    @Override
    public void lower() {
        server.lower();
        tables.lower();
    }

    /** Removes the log's markers, too, which could not be removed behind the server's fence. */
    @Override
    public void lift() {
        tables.lift();
        server.lift();
    }

    @Override
    public List<String> writers(Collection<TableId> wanted) {
        return chosen().writers(wanted);
    }

    @Override
    public List<String> bypasses() {
        return Stream.concat(server.bypasses().stream(), tables.bypasses().stream()).toList();
    }

    @Override
    public void checkPass() {
        if (isForServer()) {
            server.checkPass();
        }
    }

    /** What it is, or before it is armed what it will be by our rights. */
    private boolean isForServer() {
        return !tables.isArmed()
                && source.dialect().shutsForAll()
                && source.with("asking for our rights", MysqlRights::of).mayShutServer();
    }

    @Override
    public void admitUs() {
        chosen().admitUs();
    }

    @Override
    public void admitNobody() {
        chosen().admitNobody();
    }

    @Override
    public List<String> admittedToo() {
        return isForServer() ? server.admittedToo() : List.of();
    }
}
