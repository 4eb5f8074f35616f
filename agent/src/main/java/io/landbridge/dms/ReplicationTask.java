package io.landbridge.dms;

import io.landbridge.change.TableId;
import io.landbridge.config.DmsConfig;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.target.Documents;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a migration's replication task: one that it was given, or one that it makes and
 * removes. Every step can be repeated from its start; what DMS says decides what is left to do.
 * Thread-safe.
 */
public final class ReplicationTask {

    private static final Logger LOG = LoggerFactory.getLogger(ReplicationTask.class);

    /** At most, between two looks at a task that starts, stops or goes. */
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final DmsClient client;
    private final DmsConfig config;
    private final String migration;
    private final Documents documents;

    public ReplicationTask(
            DmsClient client, DmsConfig config, String migration, Documents documents) {
        this.client = client;
        this.config = config;
        this.migration = migration;
        this.documents = documents;
    }

    /** Waits for a moment, unless somebody wants to stop. */
    public interface Pause {
        /**
         * Waits.
         *
         * @return false when there is no time to wait any longer
         */
        boolean await(long millis) throws InterruptedException;
    }

    /**
     * Looks at what the configuration names, and changes nothing.
     *
     * @throws Fault DMS_REFUSED or DMS_TASK when it can't be used
     */
    public void check() {
        if (config.takesTask()) {
            TaskState task =
                    usable(
                            client.byArn(config.taskArn())
                                    .orElseThrow(() -> gone(config.taskArn())));
            if (task.started()) {
                throw Fault.of(
                                FaultCode.DMS_TASK,
                                "replication task " + task.identifier() + " was started before")
                        .hint(
                                "give one that was not: the target's tables are made, and are empty,"
                                        + " before DMS fills them");
            }
        } else {
            // Credentials, rights and the address: better known now than when tables stand there.
            var unused = client.byIdentifier(identifier("check"));
        }
    }

    /**
     * Sees to it that there is a task that moves {@code tables}; it isn't started.
     *
     * @throws Fault DMS_TASK when the given one can't be used
     */
    public void prepare(Collection<TableId> tables, Pause pause) throws InterruptedException {
        TaskNote note = TaskNote.read(documents).orElseGet(this::begin);
        TaskState task = note.isOurs() ? made(note, tables) : usable(described(note));
        List<TableId> missing =
                task.mappings().isEmpty()
                        ? List.of()
                        : TableMappings.missing(task.mappings(), tables);
        if (!missing.isEmpty()) {
            throw Fault.of(
                            FaultCode.DMS_TASK,
                            "the task's table mappings leave out "
                                    + missing.stream().limit(10).toList())
                    .hint(
                            "select them in its table mappings, the marker table too, then"
                                    + " 'landbridge resume'");
        }
        var unused = awaitRest(task, pause);
    }

    private TaskNote begin() {
        TaskNote note =
                config.takesTask()
                        ? TaskNote.given(config.taskArn())
                        : TaskNote.toBeMade(
                                identifier(UUID.randomUUID().toString().substring(0, 8)));
        note.write(documents);
        return note;
    }

    /** DMS allows letters, digits and single hyphens. */
    private String identifier(String end) {
        return ("landbridge-" + migration + "-" + end).replaceAll("[^a-zA-Z0-9]+", "-");
    }

    private TaskState made(TaskNote note, Collection<TableId> tables) {
        Optional<TaskState> known = client.byIdentifier(note.identifier());
        TaskState task =
                known.orElseGet(
                        () ->
                                client.create(
                                        note.identifier(),
                                        TableMappings.of(tables),
                                        TaskSettings.with(config.settings()),
                                        migration));
        if (known.isEmpty()) {
            LOG.info("made replication task {}", task.arn());
        }
        note.madeAs(task.arn()).write(documents);
        return task;
    }

    private static TaskState usable(TaskState task) {
        if (!task.migrationType().equals("full-load-and-cdc")) {
            throw Fault.of(
                            FaultCode.DMS_TASK,
                            "replication task "
                                    + task.identifier()
                                    + " is of type "
                                    + task.migrationType()
                                    + "; a migration needs full-load-and-cdc")
                    .hint("give another task");
        }
        if (!TaskSettings.keepsOrder(task.settings())) {
            throw Fault.of(
                            FaultCode.DMS_TASK,
                            "replication task "
                                    + task.identifier()
                                    + " applies in batches, which don't keep the source's order of"
                                    + " commits")
                    .hint("set TargetMetadata.BatchApplyEnabled to false in its settings");
        }
        return task;
    }

    /**
     * Starts the task or lets it go on, and returns once it runs. A task that has failed is given
     * another try: whoever comes here was asked to go on.
     *
     * @throws Fault DMS_TASK when it doesn't come to run
     */
    public void go(Pause pause) throws InterruptedException {
        TaskState task = look();
        if (!task.isRunning()) {
            task = awaitRest(task, pause);
        }
        if (!task.isRunning()) {
            client.start(task.arn(), task.started());
            task = await(TaskState::isRunning, "to run", pause);
            LOG.info("replication task {} runs", task.identifier());
        }
    }

    /** As {@link #go}, without waiting, and only if nothing moves. */
    public void goSoon() {
        TaskState task = look();
        if (task.isAtRest()) {
            client.start(task.arn(), task.started());
        }
    }

    /** Whether it has been started ever. */
    public boolean isStarted() {
        return look().started();
    }

    /** Whether it stays when the migration ends. */
    public boolean isGiven() {
        return TaskNote.read(documents).filter(note -> !note.isOurs()).isPresent();
    }

    /** Stops the task, and returns once nothing moves; does nothing when there is none. */
    public void halt(Pause pause) throws InterruptedException {
        Optional<TaskState> task = TaskNote.read(documents).flatMap(this::find);
        if (task.isEmpty()) {
            return;
        }
        if (awaitRest(task.get(), pause).isRunning()) {
            client.stop(task.get().arn());
            var unused = await(TaskState::isAtRest, "to stop", pause);
            LOG.info("replication task {} stands still", task.get().identifier());
        }
    }

    /**
     * Stops the task, and removes it if we made it; returns once that is done. Does nothing when
     * there is none.
     */
    public void remove(Pause pause) throws InterruptedException {
        Optional<TaskNote> note = TaskNote.read(documents);
        if (note.isEmpty()) {
            return;
        }
        halt(pause);
        if (note.get().isOurs()) {
            Optional<TaskState> left = find(note.get());
            if (left.isPresent()) {
                client.delete(left.get().arn());
                long deadline = deadline();
                while (find(note.get()).isPresent()) {
                    waitUntil(deadline, left.get(), "to go", pause);
                }
                LOG.info("removed replication task {}", left.get().identifier());
            }
        }
        TaskNote.forget(documents);
    }

    /**
     * What DMS says of the task now.
     *
     * @throws Fault DMS_TASK when it is gone
     */
    public TaskState look() {
        return described(
                TaskNote.read(documents)
                        .orElseThrow(
                                () ->
                                        Fault.of(
                                                FaultCode.DMS_TASK,
                                                "there is no replication task of migration '"
                                                        + migration
                                                        + "'")));
    }

    /**
     * As {@link #look}, of a task that is to be running.
     *
     * @throws Fault DMS_TASK when it isn't, or has given tables up
     */
    public Running checkRunning() {
        TaskState task = look();
        if (task.isBroken()) {
            throw Fault.of(FaultCode.DMS_TASK, task.describe())
                    .hint(
                            "see the task's log at CloudWatch, mend the cause, then 'landbridge"
                                    + " resume' lets it go on");
        }
        if (task.isAtRest()) {
            throw Fault.of(FaultCode.DMS_TASK, "somebody else stopped it: " + task.describe())
                    .hint("'landbridge resume' starts it again");
        }
        List<TableStatistic> tables = client.tables(task.arn());
        List<TableStatistic> broken = tables.stream().filter(TableStatistic::isBroken).toList();
        if (!broken.isEmpty() || task.tablesErrored() > 0) {
            throw Fault.of(
                            FaultCode.DMS_TASK,
                            "DMS has given tables up: "
                                    + (broken.isEmpty()
                                            ? String.valueOf(task.tablesErrored())
                                            : broken.stream()
                                                    .limit(10)
                                                    .map(TableStatistic::describe)
                                                    .collect(Collectors.joining(", "))))
                    .hint(
                            "see the task's log at CloudWatch, mend the cause and reload these"
                                    + " tables at DMS, then 'landbridge resume'");
        }
        return new Running(task, tables);
    }

    /**
     * A task at work.
     *
     * @param tables what DMS counts of each; empty when it doesn't tell
     */
    public record Running(TaskState task, List<TableStatistic> tables) {

        /** Whether every row that was there at the start has been copied. */
        public boolean isLoaded() {
            return task.loadedPercent() == 100
                    && tables.stream().allMatch(TableStatistic::isLoaded);
        }
    }

    /** CloudWatch's newest figures; empty when it has none. */
    public Optional<Latency> latency() {
        return client.latency(look());
    }

    private TaskState awaitRest(TaskState task, Pause pause) throws InterruptedException {
        return task.isAtRest() || task.isRunning()
                ? task
                : await(now -> now.isAtRest() || now.isRunning(), "to be ready", pause);
    }

    private TaskState await(Predicate<TaskState> wanted, String what, Pause pause)
            throws InterruptedException {
        long deadline = deadline();
        TaskState task = look();
        while (!wanted.test(task)) {
            if (task.isFailed()) {
                throw Fault.of(FaultCode.DMS_TASK, task.describe())
                        .hint("see the task's log at CloudWatch, then 'landbridge resume'");
            }
            waitUntil(deadline, task, what, pause);
            task = look();
        }
        return task;
    }

    private long deadline() {
        return System.nanoTime() + config.patience().toNanos();
    }

    private void waitUntil(long deadline, TaskState task, String what, Pause pause)
            throws InterruptedException {
        if (System.nanoTime() - deadline > 0) {
            throw Fault.of(
                            FaultCode.DMS_UNREACHABLE,
                            "DMS takes longer than dms.patience for the task "
                                    + what
                                    + ": "
                                    + task.describe())
                    .hint("see the task at DMS; it is tried again");
        }
        if (!pause.await(Math.min(LONGEST_PAUSE_MILLIS, config.interval().toMillis()))) {
            throw Fault.of(FaultCode.DMS_UNREACHABLE, "somebody asked to stop meanwhile");
        }
    }

    private TaskState described(TaskNote note) {
        return find(note).orElseThrow(() -> gone(note.isOurs() ? note.identifier() : note.arn()));
    }

    private Optional<TaskState> find(TaskNote note) {
        return note.isOurs() ? client.byIdentifier(note.identifier()) : client.byArn(note.arn());
    }

    private static Fault gone(String name) {
        return Fault.of(FaultCode.DMS_TASK, "there is no replication task " + name)
                .hint(
                        "see dms.task-arn and dms.region; a task that was deleted can't be gone on"
                                + " with: roll the migration back");
    }
}
