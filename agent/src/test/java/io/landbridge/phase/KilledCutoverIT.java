package io.landbridge.phase;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.Migration;
import io.landbridge.config.Configuration;
import io.landbridge.cutover.CutoverJournal;
import io.landbridge.cutover.CutoverRecord;
import io.landbridge.cutover.TargetJournal;
import io.landbridge.jdbc.Database;
import io.landbridge.jdbc.Side;
import io.landbridge.target.Documents;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that dies at any write of the journal of a cutover or a rollback, and the next one. */
class KilledCutoverIT {

    private static final String NAME = "killed_cutover";

    @TempDir Path stateDir;

    private static final class Killed extends Error {}

    /** Kills the agent after so many writes. */
    private record Deadly(CutoverJournal journal, AtomicInteger writesLeft)
            implements CutoverJournal {
        @Override
        public Optional<CutoverRecord> read() {
            return journal.read();
        }

        @Override
        public void write(CutoverRecord record) {
            if (writesLeft.get() < 0) {
                throw new Killed();
            }
            journal.write(record);
            if (writesLeft.getAndDecrement() == 0) {
                throw new Killed();
            }
        }
    }

    @Test
    void theNextStartCompletesOrUndoesWhatAKilledCutoverLeft() throws Exception {
        TestDatabase source = Servers.source().freshDatabase();
        TestDatabase target = Servers.target().freshDatabase();
        source.execute(
                "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text)",
                "INSERT INTO t (v) SELECT i::text FROM generate_series(1, 100) i");
        Configuration config = Configurations.of(source, target, NAME, stateDir);
        try (Migration migration = Migration.open(config)) {
            assertThat(migration.runUntil(Until.VALIDATED)).isTrue();
        }
        int undone = 0;
        boolean done = false;
        for (int write = 0; !done; write++) {
            boolean killed = cutOverAndDie(config, write);
            String phase = startAgain(config);
            boolean fenced = isFenced(config);
            done = phase.equals("COMPLETE");
            assertThat(fenced).as("killed after write %d, now %s", write, phase).isEqualTo(done);
            assertThat(killed).isTrue();
            if (!done) {
                undone++;
                source.execute("INSERT INTO t (v) VALUES ('goes on')");
            }
        }
        assertThat(undone).isGreaterThan(10);
        RowsOf.assertEqual(source, target);
        assertThat(target.value("INSERT INTO t (v) VALUES ('new') RETURNING id"))
                .isEqualTo(String.valueOf(101 + undone));
    }

    @Test
    void theNextStartCompletesOrUndoesWhatAKilledRollbackLeft() throws Exception {
        TestDatabase source = Servers.source().freshDatabase();
        TestDatabase target = Servers.target().freshDatabase();
        source.execute(
                "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text)",
                "INSERT INTO t (v) SELECT i::text FROM generate_series(1, 100) i");
        Configuration config =
                Configurations.of(
                        source, target, NAME, stateDir, "cutover:\n  mode: auto\n  observe: 1h");
        try (Site site = site(config, Integer.MAX_VALUE);
                Controller controller = new Controller(site)) {
            rest(controller, () -> controller.state().step() == Step.MONITOR);
        }
        int undone = 0;
        boolean done = false;
        for (int write = 0; !done; write++) {
            target.execute("INSERT INTO t (v) VALUES ('goes on')");
            rollBackAndDie(config, write);
            String phase = startAgain(config);
            done = phase.equals("ROLLED_BACK");
            assertThat(isFenced(config))
                    .as("killed after write %d, now %s", write, phase)
                    .isNotEqualTo(done);
            if (!done) {
                assertThat(phase).isEqualTo("MONITORING");
                undone++;
            }
        }
        assertThat(undone).isGreaterThan(10);
        assertThat(source.value("SELECT count(*) FROM t")).isEqualTo(String.valueOf(101 + undone));
        source.execute("INSERT INTO t (v) VALUES ('old again')");
    }

    private static void rollBackAndDie(Configuration config, int write)
            throws InterruptedException {
        try (Site site = site(config, write);
                Controller controller = new Controller(site)) {
            Thread running = new Thread(() -> dieWith(controller));
            running.start();
            Await.until(
                    "the way back runs",
                    Duration.ofMinutes(1),
                    () ->
                            controller.isLeader()
                                    && controller.state().step() == Step.MONITOR
                                    && controller
                                            .control()
                                            .status()
                                            .apply()
                                            .mode()
                                            .equals("STRICT"));
            controller.control().rollback();
            running.join();
        }
    }

    private static void dieWith(Controller controller) {
        try {
            controller.runUntil(Until.STOPPED);
            throw new AssertionError("it was not killed");
        } catch (Killed e) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it was killed. */
    private static boolean cutOverAndDie(Configuration config, int write)
            throws InterruptedException {
        try (Site site = site(config, write);
                Controller controller = new Controller(site)) {
            controller.runUntil(Until.COMPLETE);
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    /** The phase that the next agent comes to rest in. */
    private static String startAgain(Configuration config) throws InterruptedException {
        try (Site site = site(config, Integer.MAX_VALUE);
                Controller controller = new Controller(site)) {
            rest(
                    controller,
                    () ->
                            controller.state().phase().isEnd()
                                    || controller.state().step() == Step.FOLLOW
                                    || controller.state().step() == Step.MONITOR);
            return controller.state().phase().name();
        }
    }

    /** Runs it until it has come to rest. */
    private static void rest(Controller controller, BooleanSupplier resting)
            throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread running =
                new Thread(
                        () -> {
                            try {
                                controller.runUntil(Until.STOPPED);
                            } catch (Throwable e) {
                                failure.set(e);
                            }
                        });
        running.start();
        Await.until(
                "the agent rests",
                Duration.ofMinutes(2),
                () -> controller.isLeader() && resting.getAsBoolean());
        controller.stop();
        running.join();
        assertThat(failure.get()).isNull();
    }

    private static boolean isFenced(Configuration config) {
        try (Site site = site(config, Integer.MAX_VALUE)) {
            return site.source().fence().isRaised();
        }
    }

    private static Site site(Configuration config, int writes) {
        Database target = new Database(config.target(), Side.TARGET);
        return Site.of(
                config,
                new Deadly(
                        new TargetJournal(new Documents(target, NAME)), new AtomicInteger(writes)),
                target);
    }
}
