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
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code scripts/dev soak agents}: three agents share a migration that a connector captures, while
 * writers write. Every so often one agent is killed with SIGKILL, in turn the one that leads and
 * another; beside that, in turn, the broker is killed, Connect is killed, an agent stands still, or
 * is cut from Kafka. In the end both sides are compared. With {@code --measure} nothing is killed:
 * a backlog is applied by one agent, by two and by three, and what each process took of the CPU is
 * told.
 */
@Command(name = "scripts/dev soak agents", mixinStandardHelpOptions = true)
public final class AgentsSoak implements Callable<Integer> {

    @Option(names = "--minutes", defaultValue = "5")
    private int minutes;

    @Option(names = "--every", defaultValue = "20", description = "Seconds between two kills.")
    private int every;

    @Option(names = "--seed", defaultValue = "1")
    private long seed;

    @Option(names = "--measure", description = "Measure instead.")
    private boolean measure;

    @Option(names = "--rows", defaultValue = "300000", description = "Of the measured backlog.")
    private int rows;

    private int kills;
    private final List<Long> leads = new ArrayList<>();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new AgentsSoak()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        TestDatabase source = Servers.source().freshDatabase();
        TestDatabase target = Servers.target().freshDatabase();
        Workload.createTables(source, 1_000);
        try (KafkaBroker broker = KafkaBroker.start()) {
            if (measure) {
                try (AgentTeam team = new AgentTeam("soak", source, target)) {
                    measure(team, broker);
                }
            } else {
                soak(broker, source, target);
            }
        }
        return 0;
    }

    private void soak(KafkaBroker broker, TestDatabase source, TestDatabase target) {
        try (ConnectWorker connect = ConnectWorker.start(broker);
                AgentTeam team = new AgentTeam("soak", source, target, connect.section());
                Workload workload =
                        Workload.start(source.config(), NastyTransactions.all(), 2, 20, seed)) {
            int first = team.add(broker.address());
            team.awaitPhase(first, "CDC");
            team.add(broker.address());
            Others others = new Others(broker, connect, team.add(broker.farAddress()));
            team.awaitFollowers(first, 2);
            team.startBulk(1_500);
            faults(team, others);
            team.stopBulk();
            workload.stop();
            team.awaitReceipt();
            RowsOf.assertEqual(source, target);
            workload.ledger().assertReceiptsIn(target);
            say(
                    "%d commits, none lost or doubled, all rows equal; %d agents killed, another led after %s ms"
                            .formatted(workload.ledger().commits(), kills, leads));
        }
    }

    /**
     * What else can fail.
     *
     * @param far the agent whose way to the broker can be cut
     */
    private record Others(KafkaBroker broker, ConnectWorker connect, int far) {}

    private void faults(AgentTeam team, Others others) {
        Random random = new Random(seed);
        long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        for (int round = 0; System.nanoTime() - end < 0; round++) {
            long next = System.nanoTime() + Duration.ofSeconds(every).toNanos();
            int leader = team.awaitLeader();
            int other = (leader + 1 + random.nextInt(2)) % 3;
            killAgent(team, leader, round % 2 == 0 ? leader : other);
            fail(team, others, round % 5);
            team.awaitReceipt();
            say("all that was committed has arrived");
            long left;
            while ((left = next - System.nanoTime()) > 0) {
                LockSupport.parkNanos(left);
            }
        }
    }

    private void killAgent(AgentTeam team, int leader, int victim) {
        say("SIGKILL to agent " + victim + (victim == leader ? ", which leads" : ""));
        long killed = System.nanoTime();
        team.process(victim).kill();
        kills++;
        if (victim == leader) {
            int heir = team.awaitLeader();
            leads.add(Duration.ofNanos(System.nanoTime() - killed).toMillis());
            say(heir + " leads after " + leads.get(leads.size() - 1) + " ms");
        }
        team.restart(victim);
    }

    private static void fail(AgentTeam team, Others others, int what) {
        int one = (team.awaitLeader() + 1) % 3;
        switch (what) {
            case 0 -> {
                say("SIGKILL to the broker");
                others.broker().kill();
                others.broker().restart();
            }
            case 1 -> {
                say("SIGKILL to Connect");
                others.connect().kill();
                others.connect().restart();
            }
            case 2 -> {
                say("SIGSTOP to agent " + one);
                team.signal(one, "STOP");
                team.awaitReceipt();
                team.signal(one, "CONT");
            }
            case 3 -> {
                say("agent " + others.far() + " is cut from Kafka");
                others.broker().proxy().cut();
                team.awaitReceipt();
                others.broker().proxy().restore();
            }
            default -> say("nothing else fails");
        }
    }

    private void measure(AgentTeam team, KafkaBroker broker) {
        for (int agents = 1; agents <= 3; agents++) {
            int added = team.add(broker.address());
            if (agents == 1) {
                team.awaitPhase(added, "CDC");
            } else {
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
