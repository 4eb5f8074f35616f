package io.landbridge.cli;

import io.landbridge.MigrationListener;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.ActiveFault;
import io.landbridge.phase.MigrationStatus.TableProgress;
import io.landbridge.phase.MigrationStatus.TableState;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Progress for a log: a line at every step and every few seconds in between, one for each table
 * that is done or stops, one for each new fault.
 */
final class LineProgress implements MigrationListener {

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final PrintStream out;
    private final Clock clock;
    private final Map<String, TableState> tables = new HashMap<>();
    private final Set<ActiveFault> faults = new HashSet<>();
    private String stage = "";
    private Instant last = Instant.MIN;

    LineProgress(PrintStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public void progressed(MigrationStatus status) {
        for (TableProgress table : status.tables()) {
            showTable(table);
        }
        for (ActiveFault fault : status.faults()) {
            if (faults.add(fault)) {
                line(StatusText.fault(fault));
            }
        }
        faults.retainAll(Set.copyOf(status.faults()));
        String now = StatusText.stage(status);
        boolean due = Duration.between(last, clock.instant()).compareTo(BETWEEN_LINES) >= 0;
        if (!now.equals(stage) || due) {
            stage = now;
            last = clock.instant();
            line(StatusText.line(status));
        }
    }

    private void showTable(TableProgress table) {
        TableState before = tables.put(table.table().toString(), table.state());
        if (before == table.state()) {
            return;
        }
        if (before == TableState.LOADING) {
            line(table.table() + ": loaded, " + StatusText.rows(table.rows()));
        }
        table.stopped()
                .ifPresent(
                        why ->
                                line(
                                        table.table()
                                                + ": stopped, "
                                                + why.code()
                                                + ": "
                                                + why.reason()));
    }

    private void line(String text) {
        out.println(clock.instant().truncatedTo(ChronoUnit.SECONDS) + " " + text);
    }
}
