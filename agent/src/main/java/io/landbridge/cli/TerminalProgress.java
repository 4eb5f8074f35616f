package io.landbridge.cli;

import io.landbridge.MigrationListener;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.ActiveFault;
import io.landbridge.phase.MigrationStatus.TableProgress;
import io.landbridge.phase.MigrationStatus.TableState;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Progress for a person at a terminal: a few lines that are drawn anew, one for each table at work.
 */
final class TerminalProgress implements MigrationListener {

    private static final int MOST_TABLES = 12;
    private static final int BAR = 24;
    private static final String ESCAPE = "\u001b[";

    private final PrintStream out;
    private int drawn;

    TerminalProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void progressed(MigrationStatus status) {
        List<String> lines = lines(status);
        StringBuilder screen = new StringBuilder();
        // Lines that are too long must not wrap: the way back up counts them.
        screen.append(ESCAPE).append("?7l");
        if (drawn > 0) {
            screen.append(ESCAPE).append(drawn).append("A\r");
        }
        for (String line : lines) {
            screen.append(line).append(ESCAPE).append("K\n");
        }
        screen.append(ESCAPE).append("J").append(ESCAPE).append("?7h");
        out.print(screen);
        out.flush();
        drawn = lines.size();
    }

    private static List<String> lines(MigrationStatus status) {
        List<String> lines = new ArrayList<>();
        lines.add(status.migration().name() + "  " + StatusText.line(status));
        List<TableProgress> atWork =
                status.tables().stream().filter(TerminalProgress::isAtWork).toList();
        int width =
                atWork.stream()
                        .limit(MOST_TABLES)
                        .mapToInt(table -> table.table().toString().length())
                        .max()
                        .orElse(0);
        for (TableProgress table : atWork.subList(0, Math.min(MOST_TABLES, atWork.size()))) {
            lines.add(tableLine(table, width));
        }
        if (atWork.size() > MOST_TABLES) {
            lines.add("  and " + (atWork.size() - MOST_TABLES) + " more");
        }
        for (ActiveFault fault : status.faults()) {
            lines.add("! " + StatusText.fault(fault).replaceAll("\\R", " "));
        }
        return lines;
    }

    private static boolean isAtWork(TableProgress table) {
        return table.state() == TableState.LOADING
                || table.state() == TableState.BUILDING
                || table.state() == TableState.STOPPED;
    }

    private static String tableLine(TableProgress table, int width) {
        String name = table.table().toString();
        String padded = "  " + name + " ".repeat(Math.max(0, width - name.length())) + " ";
        if (table.stopped().isPresent()) {
            return padded + "stopped: " + table.stopped().get().reason();
        }
        if (table.state() == TableState.BUILDING) {
            return padded + "building indexes and constraints";
        }
        return padded
                + bar(table.rows(), table.rowsEstimated())
                + " "
                + StatusText.percent(table.rows(), table.rowsEstimated())
                + " "
                + StatusText.rows(table.rows())
                + (table.rowsPerSecond() > 0
                        ? String.format(Locale.ROOT, ", %,.0f/s", table.rowsPerSecond())
                        : "")
                + table.timeLeft().map(left -> ", " + StatusText.time(left) + " left").orElse("");
    }

    private static String bar(long done, long all) {
        int filled = all <= 0 ? 0 : (int) Math.min(BAR, done * BAR / all);
        return "[" + "#".repeat(filled) + "-".repeat(BAR - filled) + "]";
    }

    @Override
    public Duration interval() {
        return Duration.ofMillis(500);
    }
}
