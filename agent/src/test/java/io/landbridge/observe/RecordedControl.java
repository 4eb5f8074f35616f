package io.landbridge.observe;

import io.landbridge.config.TransportConfig.Mode;
import io.landbridge.fault.Fault;
import io.landbridge.phase.ComparisonOrder;
import io.landbridge.phase.MigrationControl;
import io.landbridge.phase.MigrationStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A migration that stands still: shows what it is told to, and keeps what was asked of it. */
public final class RecordedControl implements MigrationControl {

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile MigrationStatus status;
    private volatile ComparisonOrder ordered;
    private volatile Optional<Fault> refusal = Optional.empty();

    public RecordedControl(MigrationStatus status) {
        this.status = status;
    }

    public void show(MigrationStatus next) {
        status = next;
    }

    /** Every request from now on is answered so. */
    public void refuse(Fault fault) {
        refusal = Optional.of(fault);
    }

    public List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public MigrationStatus status() {
        return status;
    }

    @Override
    public void pause() {
        ask("pause");
    }

    @Override
    public void resume() {
        ask("resume");
    }

    @Override
    public void validate(ComparisonOrder order) {
        ordered = order;
        ask("validate");
    }

    @Override
    public void repair(ComparisonOrder order) {
        ordered = order;
        ask("repair");
    }

    /** What the last validation or repair was asked for. */
    public ComparisonOrder ordered() {
        return ordered;
    }

    @Override
    public void cutover() {
        ask("cutover");
    }

    @Override
    public void rehearse() {
        ask("rehearse");
    }

    @Override
    public void rollback() {
        ask("rollback");
    }

    @Override
    public void transport(Mode mode) {
        ask("transport " + mode);
    }

    @Override
    public void checkTransport(Mode mode) {
        ask("check transport " + mode);
    }

    @Override
    public void rollbackTo(Instant moment) {
        ask("rollback to " + moment);
    }

    @Override
    public void finish() {
        ask("finish");
    }

    @Override
    public void abort() {
        ask("abort");
    }

    private void ask(String what) {
        refusal.ifPresent(
                fault -> {
                    throw fault;
                });
        asked.add(what);
    }
}
