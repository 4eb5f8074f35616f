package io.landbridge.phase;

import io.landbridge.buffer.BufferStatus;
import io.landbridge.change.TableId;
import io.landbridge.cutover.ClientPause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole migration at one moment: what the API gives out as JSON, what the metrics, the page and
 * the command line read. Immutable; made by the controller with a {@link MigrationStatusBuilder},
 * read by anybody.
 *
 * <p>Names are part of {@code /api/v1/status}: add, never rename. Positions are {@link
 * io.landbridge.offsets.SourcePosition#text}. What isn't known (yet) is an empty {@link Optional},
 * not a zero.
 *
 * @param at when this was put together
 * @param tables in name order
 * @param faults what is wrong right now, the worst first; empty when all is well
 * @param faultCounts how often each {@link io.landbridge.fault.FaultCode} was met since this agent
 *     started, by name
 */
public record MigrationStatus(
        Instant at,
        Identity migration,
        Stage stage,
        Optional<Assessment> assessment,
        LoadTotals load,
        List<TableProgress> tables,
        CaptureState capture,
        TransportState transport,
        BufferStatus buffer,
        ApplyState apply,
        CrewState crew,
        Optional<Slot> slot,
        Optional<ValidationResult> validation,
        Optional<RepairResult> repair,
        CutoverState cutover,
        List<ActiveFault> faults,
        Map<String, Long> faultCounts) {

    public MigrationStatus {
        tables = List.copyOf(tables);
        faults = List.copyOf(faults);
        faultCounts = Map.copyOf(faultCounts);
    }

    /**
     * Which migration this is.
     *
     * @param name {@code migration.name}
     * @param strategy as the configuration spells it: {@code full-load-cdc}
     * @param source what {@link io.landbridge.config.DatabaseConfig#display} says, no password
     * @param target likewise
     * @param leader whether this agent is the one that leads
     */
    public record Identity(
            String name, String strategy, String source, String target, boolean leader) {}

    /**
     * Where it stands.
     *
     * @param phase the {@code Phase}'s name
     * @param step what is being done within the phase, for people; may be empty
     * @param since when the step began
     * @param startedAt when the migration began, on whatever agent
     * @param paused whether an operator holds it
     * @param rewound where the target was taken back to, while it is paused there
     */
    public record Stage(
            String phase,
            String step,
            Instant since,
            Instant startedAt,
            boolean paused,
            Optional<Rewound> rewound) {

        /** Of a target that was not taken back. */
        public Stage(String phase, String step, Instant since, Instant startedAt, boolean paused) {
            this(phase, step, since, startedAt, paused, Optional.empty());
        }
    }

    /**
     * The target is what the source was at a moment.
     *
     * @param to the moment that was asked for
     * @param position the end of the last commit that counts
     * @param committedAt when that was made, by the source's clock
     */
    public record Rewound(Instant to, String position, Instant committedAt) {}

    /** What was found before a row moved; a blocker keeps the migration from beginning. */
    public record Assessment(
            Instant at, int blockers, int warnings, int notes, List<Finding> findings) {
        public Assessment {
            findings = List.copyOf(findings);
        }
    }

    /**
     * One finding of the assessment.
     *
     * @param severity BLOCKER, WARNING or NOTE
     * @param object what it is about: a table, a setting, a role
     */
    public record Finding(
            String severity, String code, String object, String why, String whatToDo) {}

    /**
     * The load of all tables together.
     *
     * @param rowsEstimated what will have been loaded at the end, about
     * @param bytesPerSecond at present, not over the whole load
     */
    public record LoadTotals(
            long tables,
            long tablesLoaded,
            long rows,
            long rowsEstimated,
            long bytes,
            long bytesEstimated,
            double rowsPerSecond,
            double bytesPerSecond,
            Optional<Duration> timeLeft) {
        public static final LoadTotals NONE =
                new LoadTotals(0, 0, 0, 0, 0, 0, 0, 0, Optional.empty());
    }

    /** How far a table has come. */
    public enum TableState {
        PENDING,
        LOADING,
        LOADED,
        /** Indexes, constraints and triggers are being made. */
        BUILDING,
        /** Loaded, built, and kept equal by the stream. */
        FOLLOWING,
        /** Something couldn't be carried; no change of it is applied until an operator acts. */
        STOPPED
    }

    /**
     * One table's way.
     *
     * @param rows loaded so far
     * @param changes applied from the stream since this agent started
     * @param stopped why, when the state is STOPPED
     */
    public record TableProgress(
            TableId table,
            TableState state,
            long rows,
            long rowsEstimated,
            long bytes,
            long bytesEstimated,
            double rowsPerSecond,
            Optional<Duration> timeLeft,
            long changes,
            Optional<StopReason> stopped) {}

    /**
     * Why a table is stopped.
     *
     * @param code the {@link io.landbridge.fault.FaultCode}'s name
     */
    public record StopReason(String code, String reason) {}

    /**
     * The source's log, being read.
     *
     * @param state OFF, STARTING, STREAMING, RECONNECTING or FAILED
     * @param position the end of the last transaction captured
     * @param lagBytes log written at the source and not captured yet
     * @param restarts of the engine since this agent started
     * @param connector at Kafka Connect; empty when the agent reads the log itself
     */
    public record CaptureState(
            String state,
            Optional<String> position,
            Optional<Long> lagBytes,
            long transactions,
            long changes,
            long restarts,
            Optional<ConnectorState> connector) {
        public static final CaptureState OFF =
                new CaptureState(
                        "OFF", Optional.empty(), Optional.empty(), 0, 0, 0, Optional.empty());
    }

    /**
     * The connector that reads the log.
     *
     * @param state a {@code ConnectorStatus.State}'s name
     * @param restarts of its task, after it had ended by itself
     * @param lagRecords in its topic, not read yet
     * @param lagBytes likewise, about
     */
    public record ConnectorState(
            String state, long restarts, Optional<Long> lagRecords, Optional<Long> lagBytes) {}

    /**
     * What carries changes from capture to apply.
     *
     * @param mode as the configuration spells it: {@code chronicle} or {@code kafka}
     * @param wanted likewise; another one than {@code mode} while a change is due
     */
    public record TransportState(String mode, String wanted) {}

    /**
     * The buffer, being written to the target.
     *
     * @param mode OFF, CONVERGING, STRICT or HELD
     * @param position everything up to it is in the target
     * @param lag age of the last applied commit while there is more to apply; zero when all is
     *     applied
     * @param lagBytes log written at the source and not applied yet
     * @param retries of batches after a passing fault
     * @param inOrder batches that went through one connection in the source's order
     */
    public record ApplyState(
            String mode,
            int workers,
            Optional<String> position,
            Optional<Duration> lag,
            Optional<Long> lagBytes,
            long transactions,
            long changes,
            Batches batches,
            long retries,
            long inOrder) {
        public static final ApplyState OFF =
                new ApplyState(
                        "OFF",
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        0,
                        Batches.NONE,
                        0,
                        0);
    }

    /**
     * The agents that share the writing.
     *
     * @param role of this one: LEADER, FOLLOWER, or WAITING while another one leads and this one
     *     can only wait
     * @param name of this one among them; empty where the transport lets nobody share
     * @param lanes of {@code apply.workers} that are dealt to this one
     * @param rebalances how often lanes were dealt anew since this one came
     * @param rounds batches, or pieces of large ones, that this one has written while following
     * @param rows likewise
     * @param lagRecords that this one, following, has not read yet of the stream's topic
     * @param others that are heard by the one that leads
     */
    public record CrewState(
            String role,
            Optional<String> name,
            List<Integer> lanes,
            long rebalances,
            long rounds,
            long rows,
            Optional<Long> lagRecords,
            List<OtherAgent> others) {
        public static final CrewState WAITING =
                new CrewState(
                        "WAITING",
                        Optional.empty(),
                        List.of(),
                        0,
                        0,
                        0,
                        Optional.empty(),
                        List.of());

        public CrewState {
            lanes = List.copyOf(lanes);
            others = List.copyOf(others);
        }
    }

    /**
     * An agent that follows.
     *
     * @param silence how long ago it was heard
     */
    public record OtherAgent(
            String name, List<Integer> lanes, long rounds, long rows, Duration silence) {
        public OtherAgent {
            lanes = List.copyOf(lanes);
        }
    }

    /**
     * Batches applied since this agent started.
     *
     * @param netChanges rows written after changes of one key were folded
     * @param lastChanges source changes in the newest one
     * @param lastMillis how long the newest one took, from its first statement to its commit
     */
    public record Batches(long count, long netChanges, long lastChanges, double lastMillis) {
        public static final Batches NONE = new Batches(0, 0, 0, 0);
    }

    /**
     * The source's slot: what the source keeps on disk for us.
     *
     * @param walStatus {@code pg_replication_slots.wal_status}
     * @param safeBytesLeft until the server would drop what we need; empty: no limit is set
     * @param timeLeft until then at the present rate
     * @param alarm whether {@code metrics.retention-alarm} is reached
     */
    public record Slot(
            String name,
            long retainedBytes,
            String confirmed,
            String walStatus,
            Optional<Long> safeBytesLeft,
            Optional<Duration> timeLeft,
            boolean alarm) {}

    /**
     * The newest validation, finished or running.
     *
     * @param outcome RUNNING, CLEAN, DIFFERENT or FAILED
     * @param position where in the source's log both sides were compared
     * @param differences rows that are missing, extra or different, at most as many as were looked
     *     for
     * @param structureDifferences what the target lacks of what tables are made of, and needs
     */
    public record ValidationResult(
            String outcome,
            String mode,
            Instant startedAt,
            Optional<Instant> endedAt,
            Optional<String> position,
            long tables,
            long tablesCompared,
            long rowsCompared,
            long differences,
            List<TableId> differingTables,
            long structureDifferences) {
        public ValidationResult {
            differingTables = List.copyOf(differingTables);
        }
    }

    /**
     * The newest repair, finished or running.
     *
     * @param outcome RUNNING, REPAIRED or NOT_REPAIRED
     * @param position where in the source's log both sides were compared last
     * @param rows mended at the target
     * @param restarted tables that stood still and follow again
     * @param unrepaired tables that still differ or stand still
     */
    public record RepairResult(
            String outcome,
            Instant startedAt,
            Optional<Instant> endedAt,
            Optional<String> position,
            long tables,
            long rows,
            List<TableId> restarted,
            List<TableId> unrepaired) {
        public RepairResult {
            restarted = List.copyOf(restarted);
            unrepaired = List.copyOf(unrepaired);
        }
    }

    /**
     * The cutover, or what stands against it.
     *
     * @param attempt the one that runs or ran last
     * @param steps of it, in order; empty before any
     * @param notReady what speaks against a cutover now; empty: ready
     * @param clients what the probe felt of the last move; empty without a probe
     */
    public record CutoverState(
            Optional<Attempt> attempt,
            List<CutoverStep> steps,
            List<String> notReady,
            Optional<ClientPause> clients) {
        public static final CutoverState NONE =
                new CutoverState(Optional.empty(), List.of(), List.of(), Optional.empty());

        public CutoverState {
            steps = List.copyOf(steps);
            notReady = List.copyOf(notReady);
        }
    }

    /**
     * A try at moving the traffic.
     *
     * @param name tells it from others
     * @param kind {@code cutover}, {@code dry-run} or {@code rollback}
     * @param outcome RUNNING, UNDOING, DONE or UNDONE
     * @param failure why it was undone; empty while all is well
     */
    public record Attempt(String name, String kind, String outcome, Optional<String> failure) {}

    /**
     * One step of a cutover or rollback.
     *
     * @param state PENDING, RUNNING, DONE, FAILED or UNDONE
     */
    public record CutoverStep(
            String name,
            String state,
            Optional<Instant> startedAt,
            Optional<Duration> took,
            String detail) {}

    /** Something that is wrong now; goes away by itself or when somebody follows the hint. */
    public record ActiveFault(
            String code,
            String message,
            Optional<TableId> table,
            Optional<String> position,
            String hint,
            Instant since) {}
}
