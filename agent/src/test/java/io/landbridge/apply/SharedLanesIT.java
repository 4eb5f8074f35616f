package io.landbridge.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.landbridge.apply.Order.Work;
import io.landbridge.buffer.Crew.Hand;
import io.landbridge.buffer.EventReader;
import io.landbridge.change.SourceEvent;
import io.landbridge.change.TableId;
import io.landbridge.change.TableLayout;
import io.landbridge.offsets.SourcePosition;
import io.landbridge.target.ApplyNotes;
import io.landbridge.target.LaneLocks;
import io.landbridge.target.Wire;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.PostgresServer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One applier leads, others write lanes for it; all in this JVM, on a real target. */
class SharedLanesIT {

    private static final int LANES = 5;

    /** Numbers orders. */
    private static final AtomicLong ASKED = new AtomicLong();

    private static final TableLayout FILLER =
            new TableLayout(new TableId("public", "filler"), List.of("id"), List.of(0));

    private static String[] ddl() {
        List<String> ddl = new ArrayList<>(List.of(RandomHistory.TABLES));
        ddl.add(RandomHistory.UNIQUE);
        ddl.add("CREATE TABLE filler (id int PRIMARY KEY)");
        return ddl.toArray(String[]::new);
    }

    /** The one that leads, and two that follow. */
    private static final class Team implements AutoCloseable {

        private final ApplyBed bed;
        private final List<DealtCrew> crews = new ArrayList<>();
        private final List<Follower> followers = new ArrayList<>();
        private final Applier leader;
        private volatile Error error;
        private int deal;
        private long fillers;

        Team(ApplyBed bed, int batchRows) {
            this.bed = bed;
            DealtCrew own = new DealtCrew("leader", bed.buffer);
            crews.add(own);
            leader = bed.sharing(LANES, batchRows, new Sharing(own, bed.target, () -> true));
            add("one");
            add("two");
        }

        private void add(String name) {
            DealtCrew crew = new DealtCrew(name, bed.buffer);
            Follower follower =
                    new Follower(
                            bed.target, crew, this::read, bed.progress, bed.states, bed.tables());
            follower.start();
            crews.add(crew);
            followers.add(follower);
        }

        /** What followers read: the stream, until a test has them meet an Error there. */
        private EventReader read(SourcePosition applied) {
            EventReader reader = bed.buffer.readAfter(applied);
            return new EventReader() {
                @Override
                public SourceEvent poll() {
                    if (error != null) {
                        throw error;
                    }
                    return reader.poll();
                }

                @Override
                public Mark mark() {
                    return reader.mark();
                }

                @Override
                public void rewind(Mark mark) {
                    reader.rewind(mark);
                }

                @Override
                public void close() {
                    reader.close();
                }
            };
        }

        /** Deals lanes to the leader and the followers, in this order. */
        @SafeVarargs
        final void deal(Set<Integer>... lanes) {
            deal++;
            for (int i = 0; i < lanes.length; i++) {
                crews.get(i).deal(new Hand(deal, lanes[i]));
            }
        }

        /** Waits until each follower is known to hold what it was dealt. */
        void awaitDealt() {
            Await.until(
                    "lanes are held",
                    ApplyBed.PATIENCE,
                    () ->
                            leader.mates().stream()
                                    .map(Mate::lanes)
                                    .toList()
                                    .equals(
                                            List.of(
                                                    crews.get(1).hand().lanes(),
                                                    crews.get(2).hand().lanes())));
        }

        /** Some of the history, and so many rows that a batch is shared. */
        void append(RandomHistory history) {
            for (int i = 0; i < 30; i++) {
                bed.commit(history.transaction(12).toArray(SourceEvent[]::new));
            }
            SourceEvent[] filler = new SourceEvent[600];
            for (int i = 0; i < filler.length; i++) {
                filler[i] = ApplyBed.insert(FILLER, "" + fillers++);
            }
            bed.commit(filler);
        }

        void assertEqual(RandomHistory history) {
            assertThat(bed.awaitApplied(leader).stopped()).isEmpty();
            assertThat(RandomHistory.linesOf(bed)).isEqualTo(history.state().lines());
            assertThat(bed.database.number("SELECT count(*) FROM filler")).isEqualTo(fillers);
        }

        @Override
        public void close() {
            leader.close();
            followers.forEach(Follower::close);
        }
    }

    /** 400 rows a batch has the fillers come in pieces. */
    @ParameterizedTest
    @ValueSource(ints = {400, 5_000})
    void aSharedHistoryIsFollowedExactly(int batchRows) {
        try (ApplyBed bed = new ApplyBed(LANES, ddl());
                Team team = new Team(bed, batchRows)) {
            RandomHistory history = new RandomHistory(31 + batchRows, false);
            team.deal(Set.of(0), Set.of(1, 2), Set.of(3, 4));
            team.leader.start();
            team.awaitDealt();
            for (int i = 0; i < 20; i++) {
                team.append(history);
            }
            team.assertEqual(history);
            assertThat(team.followers.get(0).status().rows()).isGreaterThan(1_000);
            assertThat(team.followers.get(1).status().rows()).isGreaterThan(1_000);
        }
    }

    @Test
    void lanesThatMoveUnderLoadLoseNothing() {
        try (ApplyBed bed = new ApplyBed(LANES, ddl());
                Team team = new Team(bed, 1_000)) {
            RandomHistory history = new RandomHistory(33, true);
            team.leader.start();
            List<List<Set<Integer>>> deals =
                    List.of(
                            List.of(Set.of(), Set.of(0, 1, 2), Set.of(3, 4)),
                            List.of(Set.of(0, 1), Set.of(2, 3, 4), Set.of()),
                            List.of(Set.of(4), Set.of(), Set.of(0, 1, 2, 3)),
                            List.of(Set.of(0), Set.of(1), Set.of(2)));
            for (List<Set<Integer>> dealt : deals) {
                team.deal(dealt.get(0), dealt.get(1), dealt.get(2));
                for (int i = 0; i < 3; i++) {
                    team.append(history);
                }
                team.awaitDealt();
                for (int i = 0; i < 3; i++) {
                    team.append(history);
                }
                team.assertEqual(history);
            }
        }
    }

    /** The commit of a lane fails after others have committed; a trigger of the server's. */
    @Test
    void aFollowerLostBetweenTwoCommitsIsMadeGood() {
        try (ApplyBed bed = new ApplyBed(LANES, ddl());
                Team team = new Team(bed, 5_000)) {
            bed.database.execute(
                    "CREATE SEQUENCE crashes",
                    """
                    CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                      IF nextval('public.crashes') % 1000 = 0 THEN
                        PERFORM pg_terminate_backend(pg_backend_pid());
                      END IF;
                      RETURN NULL;
                    END $$""",
                    """
                    CREATE CONSTRAINT TRIGGER crash AFTER INSERT ON filler
                    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION crash()""",
                    "ALTER TABLE filler ENABLE ALWAYS TRIGGER crash");
            RandomHistory history = new RandomHistory(34, true);
            team.deal(Set.of(0), Set.of(1, 2), Set.of(3, 4));
            team.leader.start();
            team.awaitDealt();
            for (int i = 0; i < 8; i++) {
                team.append(history);
            }
            team.assertEqual(history);
            assertThat(team.leader.status().retries()).isPositive();
        }
    }

    @Test
    void goesOnWhenAFollowerLeavesAndWhenTheTargetIsRestarted() throws Exception {
        try (PostgresServer server = PostgresServer.start(17, Map.of());
                ApplyBed bed = new ApplyBed(server, LANES, ddl());
                Team team = new Team(bed, 1_000)) {
            RandomHistory history = new RandomHistory(35, true);
            team.deal(Set.of(0), Set.of(1, 2), Set.of(3, 4));
            team.leader.start();
            team.awaitDealt();
            team.append(history);
            server.restart(PostgresServer.Shutdown.IMMEDIATE);
            for (int i = 0; i < 3; i++) {
                team.append(history);
            }
            team.assertEqual(history);
            team.awaitDealt();
            team.append(history);
            team.followers.get(0).close();
            for (int i = 0; i < 5; i++) {
                team.append(history);
            }
            team.assertEqual(history);
            Await.until(
                    "one follower is left",
                    ApplyBed.PATIENCE,
                    () -> team.leader.mates().size() == 1);
        }
    }

    /**
     * A process that met one is not to be trusted; the default handler of {@code landbridge} ends
     * it.
     */
    @Test
    void aFollowerThatMeetsAnErrorEndsAndIsMissed() {
        BlockingQueue<Throwable> ends = new LinkedBlockingQueue<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> ends.add(error));
        try (ApplyBed bed = new ApplyBed(LANES, ddl());
                Team team = new Team(bed, 1_000)) {
            RandomHistory history = new RandomHistory(36, false);
            team.deal(Set.of(0), Set.of(1, 2), Set.of(3, 4));
            team.leader.start();
            team.awaitDealt();
            Error error = new StackOverflowError("of a test");
            team.error = error;
            team.append(history);
            Await.until("both have ended", ApplyBed.PATIENCE, () -> ends.size() == 2);
            assertThat(ends).containsOnly(error);
            team.append(history);
            team.assertEqual(history);
            Await.until(
                    "nobody counts on them",
                    ApplyBed.PATIENCE,
                    () -> team.leader.mates().isEmpty());
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    /** What was written before the lane was taken away can't be committed after it. */
    @Test
    void aFollowerThatLostItsLaneCommitsNothing() throws Exception {
        try (ApplyBed bed = new ApplyBed(2, ddl());
                Wire lead = new Wire(bed.target, "test", Switchboard.LEAD)) {
            bed.applyAll(2);
            bed.commit(ApplyBed.insert(RandomHistory.KEYED, "4711", "late", ""));
            LaneLocks locks = new LaneLocks(bed.target, "test", "forward");
            DealtCrew crew = new DealtCrew("zombie", bed.buffer);
            try (Follower zombie =
                    new Follower(
                            bed.target, crew, bed.buffer, bed.progress, bed.states, bed.tables())) {
                zombie.start();
                hear(lead, word -> !Answer.isOne(word));
                long term = locks.endAll();
                int lane =
                        new Dealing(2)
                                .of(
                                        new TablePlan(
                                                RandomHistory.KEYED, null, false, Optional.empty()),
                                        RandomHistory.KEYED.keyOf(
                                                ApplyBed.row("4711", "late", "")));
                bed.target.inTransaction(
                        "noting how rows are dealt",
                        connection -> {
                            new ApplyNotes("test", "forward")
                                    .noteDivided(connection, RandomHistory.KEYED.table(), true);
                            return null;
                        });
                Work work =
                        new Work(
                                2,
                                1,
                                false,
                                false,
                                Round.Form.WHOLE,
                                ApplyBed.START,
                                0,
                                Optional.of(bed.last()),
                                1,
                                Optional.of(new Stride(lane, ApplyBed.START, bed.last(), 1, 1)));
                assertThat(ask(lead, Order.Kind.OPEN, term, lane, Optional.empty()).kind())
                        .isEqualTo(Answer.Kind.DONE);
                assertThat(ask(lead, Order.Kind.WRITE, term, lane, Optional.of(work)).kind())
                        .isEqualTo(Answer.Kind.DONE);

                locks.endAll();

                assertThat(ask(lead, Order.Kind.COMMIT, term, lane, Optional.empty()).kind())
                        .isEqualTo(Answer.Kind.REFUSED);
                assertThat(bed.rows("SELECT * FROM keyed")).isEmpty();
                assertThat(bed.positions()).allMatch(at -> at.position().equals(ApplyBed.START));
            }
        }
    }

    private static Answer ask(Wire lead, Order.Kind kind, long term, int lane, Optional<Work> work)
            throws SQLException {
        lead.send("zombie", new Order(kind, term, lane, ASKED.incrementAndGet(), work).word());
        return Answer.read(hear(lead, Answer::isOne));
    }

    private static String hear(Wire lead, Predicate<String> which) throws SQLException {
        long deadline = System.nanoTime() + ApplyBed.PATIENCE.toNanos();
        while (System.nanoTime() - deadline < 0) {
            for (String word : lead.receive(Duration.ofMillis(100))) {
                if (which.test(word)) {
                    return word;
                }
            }
        }
        throw new AssertionError("nothing was heard");
    }
}
