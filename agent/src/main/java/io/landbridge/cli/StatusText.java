package io.landbridge.cli;

import io.landbridge.config.Units;
import io.landbridge.cutover.ClientPause;
import io.landbridge.phase.MigrationStatus;
import io.landbridge.phase.MigrationStatus.ActiveFault;
import io.landbridge.phase.MigrationStatus.ApplyState;
import io.landbridge.phase.MigrationStatus.Attempt;
import io.landbridge.phase.MigrationStatus.ConnectorState;
import io.landbridge.phase.MigrationStatus.CrewState;
import io.landbridge.phase.MigrationStatus.CutoverStep;
import io.landbridge.phase.MigrationStatus.LoadTotals;
import io.landbridge.phase.MigrationStatus.OtherAgent;
import io.landbridge.phase.MigrationStatus.RepairResult;
import io.landbridge.phase.MigrationStatus.Slot;
import io.landbridge.phase.MigrationStatus.TableProgress;
import io.landbridge.phase.MigrationStatus.TableState;
import io.landbridge.phase.MigrationStatus.TransportState;
import io.landbridge.phase.MigrationStatus.ValidationResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A status in words. */
final class StatusText {

    private StatusText() {}

    /** {@code CDC, follow}. */
    static String stage(MigrationStatus status) {
        String step = word(status.stage().step());
        String paused =
                status.stage()
                        .rewound()
                        .map(
                                where ->
                                        " (paused; the target is what the source was at "
                                                + where.to()
                                                + ")")
                        .orElse(status.stage().paused() ? " (paused)" : "");
        return status.stage().phase() + (step.isEmpty() ? "" : ", " + step) + paused;
    }

    /** Everything that counts at present, in one line. */
    static String line(MigrationStatus status) {
        List<String> parts = new ArrayList<>();
        parts.add(stage(status));
        if (isLoading(status)) {
            parts.add(load(status.load()));
        } else if (!status.apply().mode().equals("OFF")) {
            parts.add(stream(status));
        }
        status.validation()
                .filter(it -> it.outcome().equals("RUNNING"))
                .ifPresent(it -> parts.add(validation(it)));
        return String.join(": ", parts);
    }

    /** True while rows are being copied. */
    static boolean isLoading(MigrationStatus status) {
        return status.load().tables() > 0 && status.load().tablesLoaded() < status.load().tables();
    }

    /** Everything, for {@code landbridge status}. */
    static String full(MigrationStatus status) {
        List<String> lines = new ArrayList<>();
        add(lines, "migration", status.migration().name() + ", " + status.migration().strategy());
        add(lines, "source", status.migration().source());
        add(lines, "target", status.migration().target());
        add(lines, "phase", stage(status) + ", since " + status.stage().since());
        if (!status.migration().leader()) {
            add(lines, "leader", "another agent, or none yet");
        }
        if (status.crew().name().isPresent()) {
            add(lines, "agent", agent(status.crew()));
        }
        for (OtherAgent other : status.crew().others()) {
            add(lines, "agent", agent(other));
        }
        if (status.load().tables() > 0) {
            add(lines, "load", load(status.load()));
            add(lines, "tables", tables(status));
        }
        add(lines, "transport", transport(status.transport()));
        add(lines, "capture", capture(status));
        status.capture().connector().ifPresent(it -> add(lines, "connector", connector(it)));
        add(lines, "apply", stream(status));
        status.slot().ifPresent(slot -> add(lines, "slot", slot(slot)));
        status.validation().ifPresent(it -> add(lines, "validation", validation(it)));
        status.repair().ifPresent(it -> add(lines, "repair", repair(it)));
        String attempt = status.cutover().attempt().map(Attempt::kind).orElse("cutover");
        for (CutoverStep step : status.cutover().steps()) {
            add(lines, attempt, step.name() + ": " + word(step.state()) + " " + step.detail());
        }
        status.cutover().clients().ifPresent(felt -> add(lines, "clients", felt(felt)));
        for (String reason : status.cutover().notReady()) {
            add(lines, "not ready", reason);
        }
        for (TableProgress table : status.tables()) {
            table.stopped()
                    .ifPresent(
                            why ->
                                    add(
                                            lines,
                                            "stopped",
                                            table.table()
                                                    + ": "
                                                    + why.code()
                                                    + ": "
                                                    + why.reason()));
        }
        status.faults().forEach(fault -> add(lines, "fault", fault(fault)));
        return String.join(System.lineSeparator(), lines);
    }

    private static String agent(CrewState crew) {
        return crew.name().orElse("")
                + " (this one), "
                + word(crew.role())
                + ", lanes "
                + crew.lanes()
                + (crew.role().equals("FOLLOWER") ? ", " + rows(crew.rows()) + " written" : "");
    }

    private static String agent(OtherAgent other) {
        return other.name()
                + ", follower, lanes "
                + other.lanes()
                + ", "
                + rows(other.rows())
                + " written in "
                + number(other.rounds())
                + " batches";
    }

    /** {@code 45%, 900,000 of about 2,000,000 rows, 80,000 rows/s, 12 s left}. */
    static String load(LoadTotals load) {
        return percent(load.rows(), load.rowsEstimated())
                + ", "
                + rows(load.rows())
                + " of about "
                + rows(Math.max(load.rows(), load.rowsEstimated()))
                + ", "
                + load.tablesLoaded()
                + " of "
                + load.tables()
                + " tables"
                + (load.rowsPerSecond() > 0
                        ? ", "
                                + number(Math.round(load.rowsPerSecond()))
                                + " rows/s, "
                                + Units.rounded(Math.round(load.bytesPerSecond()))
                                + "/s"
                        : "")
                + load.timeLeft().map(left -> ", " + time(left) + " left").orElse("");
    }

    static String percent(long done, long all) {
        return all <= 0 ? "0%" : Math.min(100, done * 100 / all) + "%";
    }

    static String rows(long rows) {
        return number(rows) + (rows == 1 ? " row" : " rows");
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String time(Duration time) {
        long seconds = time.toSeconds();
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
        }
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7_200
                ? seconds / 60 + " min"
                : String.format(Locale.ROOT, "%.1f h", seconds / 3600.0);
    }

    static String fault(ActiveFault fault) {
        return fault.code()
                + ": "
                + fault.message()
                + fault.table().map(table -> " (table " + table + ")").orElse("")
                + (fault.hint().isEmpty() ? "" : ". " + fault.hint());
    }

    private static String stream(MigrationStatus status) {
        ApplyState apply = status.apply();
        return word(apply.mode())
                + apply.lag().map(lag -> ", lag " + time(lag)).orElse("")
                + apply.lagBytes().map(lag -> " and " + Units.rounded(lag)).orElse("")
                + ", "
                + number(status.buffer().events())
                + " events waiting, "
                + number(apply.changes())
                + " changes in "
                + number(apply.transactions())
                + " transactions applied"
                + apply.position().map(at -> ", at " + at).orElse("");
    }

    private static String transport(TransportState transport) {
        return transport.mode().equals(transport.wanted())
                ? transport.mode()
                : transport.mode() + ", to be " + transport.wanted();
    }

    private static String capture(MigrationStatus status) {
        return word(status.capture().state())
                + status.capture().position().map(at -> ", at " + at).orElse("")
                + status.capture()
                        .lagBytes()
                        .map(lag -> ", " + Units.rounded(lag) + " behind")
                        .orElse("")
                + (status.buffer().full() ? ", waiting: the buffer is full" : "");
    }

    private static String connector(ConnectorState connector) {
        return word(connector.state())
                + connector.lagRecords().map(lag -> ", " + lag + " records to read").orElse("")
                + ", task restarted "
                + connector.restarts()
                + " times";
    }

    private static String slot(Slot slot) {
        return "the source keeps "
                + Units.rounded(slot.retainedBytes())
                + " for us ("
                + slot.walStatus()
                + ")"
                + slot.timeLeft().map(left -> ", enough room for " + time(left)).orElse("")
                + (slot.alarm() ? ", more than metrics.retention-alarm" : "");
    }

    private static String validation(ValidationResult result) {
        return word(result.outcome())
                + ", "
                + result.tablesCompared()
                + " of "
                + result.tables()
                + " tables, "
                + rows(result.rowsCompared())
                + " compared"
                + result.position().map(at -> " at " + at).orElse("")
                + (result.differences() > 0
                        ? ", "
                                + number(result.differences())
                                + " differ: "
                                + result.differingTables()
                        : "");
    }

    private static String repair(RepairResult result) {
        return word(result.outcome())
                + ", "
                + rows(result.rows())
                + " mended"
                + result.position().map(at -> ", compared again at " + at).orElse("")
                + (result.unrepaired().isEmpty() ? "" : ", not repaired: " + result.unrepaired());
    }

    private static String felt(ClientPause felt) {
        return "waited "
                + felt.longest().toMillis()
                + " ms at most, "
                + number(felt.failures())
                + " of "
                + number(felt.answers() + felt.failures())
                + " questions failed";
    }

    private static String tables(MigrationStatus status) {
        Map<TableState, Integer> counts = new TreeMap<>();
        status.tables().forEach(table -> counts.merge(table.state(), 1, Integer::sum));
        List<String> parts = new ArrayList<>();
        counts.forEach((state, count) -> parts.add(count + " " + word(state.name())));
        return String.join(", ", parts);
    }

    private static String word(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static void add(List<String> lines, String name, String text) {
        lines.add(String.format(Locale.ROOT, "%-11s %s", name, text));
    }
}
