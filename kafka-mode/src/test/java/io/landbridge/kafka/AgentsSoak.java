package io.landbridge.kafka;

import io.landbridge.testkit.NastyTransactions;
import io.landbridge.testkit.RowsOf;
import io.landbridge.testkit.Servers;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code scripts/dev soak agents}: three agents share a migration while writers write; every so
 * often one of them is killed, or stands still for a while, or is cut from Kafka, or the broker is
 * killed. In the end both sides are compared. With {@code --measure} nothing is killed: a backlog
 * is applied by one agent, by two and by three, and what each process took of the CPU is told.
 */
@Command(name = "scripts/dev soak agents", mixinStandardHelpOptions = true)
public final class AgentsSoak implements Callable<Integer> {

    @Option(names = "--minutes", defaultValue = "5")
    private int minutes;

    @Option(names = "--every", defaultValue = "20", description = "Seconds between two faults.")
    private int every;

    @Option(names = "--seed", defaultValue = "1")
    private long seed;

    @Option(names = "--measure", description = "Measure instead.")
    private boolean measure;

    @Option(names = "--rows", defaultValue = "300000", description = "Of the measured backlog.")
    private int rows;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new AgentsSoak()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        TestDatabase source = Servers.source().freshDatabase();
        TestDatabase target = Servers.target().freshDatabase();
        Workload.createTables(source, 1_000);
        try (KafkaBroker broker = KafkaBroker.start();
                AgentTeam team = new AgentTeam("soak", source, target)) {
            int first = team.add(broker.address());
            team.awaitPhase(first, "CDC");
            if (measure) {
                measure(team, broker);
            } else {
                faults(team, broker, source, target);
            }
        }
        return 0;
    }

    private void faults(
            AgentTeam team, KafkaBroker broker, TestDatabase source, TestDatabase target)
            throws InterruptedException {
        team.add(broker.address());
        int far = team.add(broker.farAddress());
        team.awaitFollowers(team.awaitLeader(), 2);
        Random random = new Random(seed);
        long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        List<Long> leads = new ArrayList<>();
        try (Workload workload =
                Workload.start(source.config(), NastyTransactions.all(), 2, 20, seed)) {
            team.startBulk(1_500);
            for (int fault = 0; System.nanoTime() - end < 0; fault++) {
                long next = System.nanoTime() + Duration.ofSeconds(every).toNanos();
                int leader = team.awaitLeader();
                switch (fault % 5) {
                    case 0 -> {
                        say("SIGKILL to the one that leads, " + leader);
                        long killed = System.nanoTime();
                        team.process(leader).kill();
                        int heir = team.awaitLeader();
                        leads.add(Duration.ofNanos(System.nanoTime() - killed).toMillis());
                        say(heir + " leads after " + leads.get(leads.size() - 1) + " ms");
                        team.restart(leader);
                    }
                    case 1 -> {
                        int one = other(leader, random);
                        say("SIGKILL to " + one);
                        team.process(one).kill();
                        team.awaitReceipt();
                        team.restart(one);
                    }
                    case 2 -> {
                        int one = other(leader, random);
                        say("SIGSTOP to " + one);
                        team.signal(one, "STOP");
                        team.awaitReceipt();
                        team.signal(one, "CONT");
                    }
                    case 3 -> {
                        say(far + " is cut from Kafka");
                        broker.proxy().cut();
                        Thread.sleep(8_000);
                        broker.proxy().restore();
                    }
                    default -> {
                        say("SIGKILL to the broker");
                        broker.kill();
                        broker.restart();
                    }
                }
                team.awaitReceipt();
                say("all that was committed has arrived");
                Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
            }
            team.stopBulk();
            workload.stop();
            team.awaitReceipt();
            RowsOf.assertEqual(source, target);
            workload.ledger().assertReceiptsIn(target);
            say(
                    workload.ledger().commits()
                            + " commits, none lost or doubled, all rows equal; the lead moved in "
                            + leads
                            + " ms");
        }
    }

    private static int other(int leader, Random random) {
        return (leader + 1 + random.nextInt(2)) % 3;
    }

    private void measure(AgentTeam team, KafkaBroker broker) {
        for (int agents = 1; agents <= 3; agents++) {
            if (agents > 1) {
                team.add(broker.address());
                team.awaitFollowers(0, agents - 1);
            }
            // The first backlog warms the processes up.
            team.backlog(rows);
            say(agents + " agents: " + team.backlog(rows).describe());
        }
    }

    private static void say(String what) {
        System.out.println(
                LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS) + " " + what);
    }
}
