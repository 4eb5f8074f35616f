package io.landbridge.source;

import io.landbridge.change.TableId;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import java.util.Collection;
import java.util.List;

/** The fence of a database that can't be fenced by us: it is down, and can't be raised. */
public final class NoFence implements Fence {

    @Override
    public void arm(Collection<TableId> tables, LockPatience patience) {
        throw refused();
    }

    @Override
    public void raise(Collection<TableId> tables, String marker, LockPatience patience) {
        throw refused();
    }

    private static Fault refused() {
        return Fault.of(FaultCode.CUTOVER_REFUSED, "a cutover from MySQL is not in this version")
                .hint("stop the application, wait until the lag is zero, and switch by hand");
    }

    @Override
    public boolean isRaised() {
        return false;
    }

    @Override
    public void lower() {
        // It is down.
    }

    @Override
    public void lift() {
        // Nothing of it is there.
    }

    @Override
    public List<String> writers(Collection<TableId> tables) {
        return List.of();
    }

    @Override
    public List<String> bypasses() {
        return List.of();
    }
}
