package io.landbridge.phase;

import io.landbridge.config.Configuration;
import io.landbridge.cutover.CutoverJournal;
import io.landbridge.cutover.CutoverRecord;
import io.landbridge.cutover.StepState;
import io.landbridge.cutover.TargetJournal;
import io.landbridge.fault.Fault;
import io.landbridge.fault.FaultCode;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.soak.BankClients;
import io.landbridge.target.Documents;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PgBouncer;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PgBouncer dies between two steps of a move under clients, stays away, or is back at once without
 * its PAUSE. Clients never write to a side that is given up, and never to none for longer than
 * PgBouncer is away.
 */
class PgBouncerGoneIT {

    private static final String NAME = "bouncer_gone";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int ACCOUNTS = 200;

    @TempDir Path stateDir;

    private final TestDatabase source = Servers.source().freshDatabase();
    private final TestDatabase target = Servers.target().freshDatabase();
    private final AtomicReference<Trouble> trouble = new AtomicReference<>();

    /** What happens as soon as a step's state is written down. */
    private record Trouble(String step, StepState state, Runnable what) {
        boolean isAt(CutoverRecord record) {
            return record.status() == CutoverRecord.Status.RUNNING
                    && record.step(step).state() == state;
        }
    }

    private record Watched(CutoverJournal journal, AtomicReference<Trouble> trouble)
            implements CutoverJournal {

        @Override
        public Optional<CutoverRecord> read() {
            return journal.read();
        }

        @Override
        public void write(CutoverRecord record) {
            journal.write(record);
            Trouble next = trouble.get();
            if (next != null && next.isAt(record)) {
                trouble.set(null);
                next.what().run();
            }
        }
    }

    @Test
    void everyMoveIsTakenBackOrCompletedAndLosesNothing() throws Exception {
        BankClients.createTables(source, ACCOUNTS);
        try (PgBouncer bouncer = PgBouncer.start(source, "transaction");
                BankClients bank = new BankClients(bouncer, 3, 60, ACCOUNTS);
                Site site = site(configuration(bouncer));
                Controller controller = new Controller(site)) {
            Thread running = new Thread(() -> run(controller));
            running.start();
            try {
                bank.start();
                awaitStep(controller, Step.FOLLOW);
                forth(controller, bouncer, bank);
                back(controller, bouncer, bank);
            } finally {
                controller.stop();
                running.join();
            }
        }
    }

    private void forth(Controller controller, PgBouncer bouncer, BankClients bank) {
        // Away for good while the source is fenced: the fence comes down without it.
        cutOver(controller, "FENCE", StepState.DONE, bouncer::kill);
        Await.until(
                "the source takes writes again",
                PATIENCE,
                () -> {
                    source.execute("UPDATE branch SET balance = balance");
                    return true;
                });
        bouncer.start();
        awaitBack(controller, Step.FOLLOW, source, bank);

        // Back at once, without its PAUSE, and the attempt fails right then.
        cutOver(
                controller,
                "SWITCH",
                StepState.DONE,
                () -> {
                    restart(bouncer);
                    throw Fault.of(FaultCode.TARGET_UNREACHABLE, "the journal can't be written");
                });
        awaitBack(controller, Step.FOLLOW, source, bank);

        // Away from where there is no way back.
        cutOver(controller, "RELEASE", StepState.RUNNING, bouncer::kill);
        Await.until(
                "the step failed",
                PATIENCE,
                () -> !controller.control().status().faults().isEmpty());
        bouncer.start();
        awaitBack(controller, Step.MONITOR, target, bank);
    }

    private void back(Controller controller, PgBouncer bouncer, BankClients bank)
            throws InterruptedException {
        trouble.set(new Trouble("DRAIN", StepState.DONE, () -> restart(bouncer)));
        controller.control().rollback();
        Await.until("rolled back", PATIENCE, () -> controller.state().phase().isEnd());
        awaitWrites(bank);
        bank.stop();
        bank.assertNothingLost(source);
    }

    private static void restart(PgBouncer bouncer) {
        bouncer.kill();
        bouncer.start();
    }

    private void cutOver(Controller controller, String step, StepState state, Runnable what) {
        controller.control().validate(ComparisonOrder.USUAL);
        Await.until(
                "ready, is " + controller.control().status().cutover().notReady(),
                PATIENCE,
                () -> {
                    trouble.set(new Trouble(step, state, what));
                    controller.control().cutover();
                    return true;
                });
        Await.until("trouble at " + step, PATIENCE, () -> trouble.get() == null);
    }

    /** Clients write to {@code where}, and all that they were told is there. */
    private void awaitBack(Controller controller, Step step, TestDatabase where, BankClients bank) {
        awaitStep(controller, step);
        awaitWrites(bank);
        bank.assertNothingLost(where);
    }

    private static void awaitWrites(BankClients bank) {
        int before = bank.acknowledged();
        Await.until("clients write", PATIENCE, () -> bank.acknowledged() > before + 20);
    }

    private static void awaitStep(Controller controller, Step step) {
        Await.until(
                step + ", is in " + controller.state(),
                PATIENCE,
                () ->
                        controller.isLeader()
                                && controller.state().step() == step
                                && controller.control().status().apply().mode().equals("STRICT"));
    }

    private static void run(Controller controller) {
        try {
            controller.runUntil(Until.STOPPED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Configuration configuration(PgBouncer bouncer) {
        return Configurations.of(
                source,
                target,
                NAME,
                stateDir,
                "cutover:",
                "  observe: 1h",
                Configurations.traffic(bouncer, "transaction"));
    }

    private Site site(Configuration config) {
        Database at = new Database(config.target(), Side.TARGET);
        return Site.of(
                config, new Watched(new TargetJournal(new Documents(at, NAME)), trouble), at);
    }
}
