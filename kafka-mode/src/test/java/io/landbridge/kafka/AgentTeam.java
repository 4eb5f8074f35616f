package io.landbridge.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.OperatingSystemMXBean;
import io.landbridge.config.DatabaseConfig;
import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import io.landbridge.testkit.Await;
import io.landbridge.testkit.TestDatabase;
import io.landbridge.testkit.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Agents in processes of their own that run one migration, each with its own directory and port,
 * and one thread that writes transactions large enough to be shared.
 */
final class AgentTeam implements AutoCloseable {

    static final int LANES = 6;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final OperatingSystemMXBean MACHINE =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final String name;
    private final TestDatabase source;
    private final TestDatabase target;
    private final String more;
    private final List<AgentHome> homes = new ArrayList<>();
    private final List<AgentProcess> processes = new ArrayList<>();
    private final AtomicInteger bulks = new AtomicInteger();
    private volatile boolean stopped;
    private Thread bulk;

    /** Capture in the agent that leads. */
    AgentTeam(String name, TestDatabase source, TestDatabase target) {
        this(name, source, target, "");
    }

    /**
     * @param more sections and keys of {@code kafka} that the configuration ends with
     */
    AgentTeam(String name, TestDatabase source, TestDatabase target, String more) {
        this.more = more;
        this.name = name;
        this.source = source;
        this.target = target;
    }

    /** Starts one more agent; returns its number. */
    int add(String brokers) {
        return add(brokers, target.config());
    }

    /** As the shorter form, with a way to the target of its own. */
    int add(String brokers, DatabaseConfig wayToTarget) {
        AgentHome home = new AgentHome(name, source.config(), wayToTarget, section(brokers));
        homes.add(home);
        processes.add(home.start("run"));
        return homes.size() - 1;
    }

    private String section(String brokers) {
        return """
                transport:
                  mode: kafka
                apply:
                  workers: %d
                  batch-rows: 3000
                kafka:
                  bootstrap-servers: %s
                  topic-prefix: team
                %s
                """
                .formatted(LANES, brokers, more);
    }

    AgentProcess process(int number) {
        return processes.get(number);
    }

    void restart(int number) {
        processes.get(number).close();
        processes.set(number, homes.get(number).start("run"));
    }

    /** Stops an agent where it stands, by SIGSTOP; or lets it go on, by SIGCONT. */
    void signal(int number, String signal) {
        try {
            int status =
                    new ProcessBuilder("kill", "-" + signal, String.valueOf(process(number).pid()))
                            .start()
                            .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + signal + ": " + status);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Optional<JsonNode> status(int number) {
        try {
            return Optional.of(homes.get(number).status());
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private boolean leads(int number) {
        return processes.get(number).isAlive()
                && status(number)
                        .filter(status -> status.at("/crew/role").asText().equals("LEADER"))
                        .isPresent();
    }

    /** Asks the agent that leads for {@code action}. */
    void askLeader(String action) {
        ask(awaitLeader(), action);
    }

    /** Has the agent that leads validate, and waits until nothing speaks against a cutover. */
    void awaitReady() {
        askLeader("validate");
        until(
                "ready for the cutover",
                () ->
                        status(awaitLeader())
                                .filter(it -> it.at("/cutover/notReady").isEmpty())
                                .isPresent());
    }

    /** Waits until an agent leads; returns its number. */
    int awaitLeader() {
        int[] leader = {-1};
        until(
                "an agent leads",
                () -> {
                    for (int i = 0; i < homes.size() && leader[0] < 0; i++) {
                        leader[0] = leads(i) ? i : -1;
                    }
                    return leader[0] >= 0;
                });
        return leader[0];
    }

    void awaitPhase(int number, String phase) {
        until(
                phase,
                () ->
                        status(number)
                                .filter(it -> it.at("/stage/phase").asText().equals(phase))
                                .isPresent());
    }

    /** Rows that agent {@code number} has written for another. */
    long rowsOfFollower(int number) {
        return status(number).map(status -> status.at("/crew/rows").asLong()).orElse(0L);
    }

    /** Waits until agent {@code number} leads and so many others hold lanes. */
    void awaitFollowers(int leader, int count) {
        until(
                count + " agents follow " + leader,
                () -> {
                    int busy = 0;
                    JsonNode others = status(leader).map(it -> it.at("/crew/others")).orElseThrow();
                    for (JsonNode other : others) {
                        busy += other.at("/lanes").size() > 0 ? 1 : 0;
                    }
                    return busy == count;
                });
    }

    /** Waits until agent {@code number} tells how far its reading is behind the topic's end. */
    void awaitLag(int number) {
        until(
                "agent " + number + " tells its lag",
                () ->
                        status(number)
                                .filter(it -> it.at("/crew/lagRecords").isIntegralNumber())
                                .isPresent());
    }

    /** Waits until agent {@code number} writes rows for another, from now on. */
    void awaitWriting(int number) {
        long now = rowsOfFollower(number);
        until("agent " + number + " writes", () -> rowsOfFollower(number) > now);
    }

    /** Waits until a lane's transaction has been open for a while: its batch can't go on. */
    void awaitStuck() {
        until(
                "a batch stands still",
                () ->
                        target.number(
                                        "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a"
                                                + " USING (pid) WHERE l.locktype = 'advisory'"
                                                + " AND l.objsubid = 2 AND a.xact_start <"
                                                + " clock_timestamp() - interval '1 s'")
                                > 0);
    }

    /** What is committed at the source now arrives. */
    void awaitReceipt() {
        long receipts = source.number("SELECT count(*) FROM work.receipt");
        long bulked = source.number("SELECT count(*) FROM work.bulk");
        until(
                receipts + " receipts and " + bulked + " rows arrive",
                () ->
                        target.number("SELECT count(*) FROM work.receipt") >= receipts
                                && target.number("SELECT count(*) FROM work.bulk") >= bulked);
    }

    /**
     * What the team took for a backlog.
     *
     * @param agents CPU seconds of each agent
     * @param servers CPU seconds of both databases
     * @param busy share of the machine's processors, by whomever; near 1 they are what bounds it
     */
    record Taken(int rows, double seconds, List<Double> agents, double servers, double busy) {

        String describe() {
            return String.format(
                    Locale.ROOT,
                    "%,d rows in %.1f s, %,.0f rows/s; CPU us a row: agents %s, databases %.1f;"
                            + " %d processors %.0f %% busy",
                    rows,
                    seconds,
                    rows / seconds,
                    agents.stream()
                            .map(cpu -> String.format(Locale.ROOT, "%.1f", cpu / rows * 1e6))
                            .toList(),
                    servers / rows * 1e6,
                    Runtime.getRuntime().availableProcessors(),
                    busy * 100);
        }
    }

    /** Has agent 0 pause while {@code rows} rows are written, and measures what comes then. */
    Taken backlog(int rows) {
        ask(0, "pause");
        until(
                "it is held",
                () -> status(0).filter(it -> it.at("/stage/paused").asBoolean()).isPresent());
        for (int written = 0; written < rows; written += 1_000) {
            Workload.hugeTransaction(source, bulks.incrementAndGet(), 1_000);
        }
        long receipts = source.number("SELECT count(*) FROM work.bulk");
        List<Double> before = cpu();
        double servers = servers();
        // Since the call before.
        var unused = MACHINE.getCpuLoad();
        long began = System.nanoTime();
        ask(0, "resume");
        until(
                receipts + " rows arrive",
                () -> target.number("SELECT count(*) FROM work.bulk") >= receipts);
        double seconds = (System.nanoTime() - began) / 1e9;
        double busy = MACHINE.getCpuLoad();
        List<Double> taken = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            taken.add(cpu().get(i) - before.get(i));
        }
        return new Taken(rows, seconds, taken, servers() - servers, busy);
    }

    private void ask(int number, String action) {
        try {
            homes.get(number).ask(action);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Double> cpu() {
        return processes.stream().map(process -> seconds(process.pid())).toList();
    }

    private double servers() {
        return serverSeconds(source) + serverSeconds(target);
    }

    /** Of all its processes that live: sessions are kept while a backlog is applied. */
    private static double serverSeconds(TestDatabase database) {
        String directory = database.value("SHOW data_directory");
        try {
            long postmaster =
                    Long.parseLong(
                            Files.readAllLines(Path.of(directory, "postmaster.pid"))
                                    .get(0)
                                    .strip());
            return ProcessHandle.of(postmaster).stream()
                    .flatMap(ProcessHandle::children)
                    .mapToDouble(child -> seconds(child.pid()))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double seconds(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(duration -> duration.toMillis() / 1e3)
                .orElse(0.0);
    }

    /**
     * Writes transactions of {@code rows} rows each until {@link #stopBulk}, few of them ahead of
     * the target: what a test waits for must come in time.
     */
    void startBulk(int rows) {
        bulk =
                new Thread(
                        () -> {
                            while (!stopped) {
                                Workload.hugeTransaction(source, bulks.incrementAndGet(), rows);
                                awaitNear(rows);
                            }
                        },
                        "bulk");
        bulk.start();
    }

    private void awaitNear(int rows) {
        long written = source.number("SELECT count(*) FROM work.bulk");
        while (!stopped && target.number("SELECT count(*) FROM work.bulk") < written - 5L * rows) {
            LockSupport.parkNanos(20_000_000);
        }
    }

    void stopBulk() {
        stopped = true;
        try {
            bulk.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void until(String what, Callable<Boolean> condition) {
        try {
            Await.until(what, PATIENCE, condition);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + words(), e);
        }
    }

    private String words() {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < processes.size(); i++) {
            words.append("\nagent ").append(i).append(processes.get(i).lastWords());
        }
        return words.toString();
    }

    @Override
    public void close() {
        stopped = true;
        processes.forEach(AgentProcess::close);
        homes.forEach(AgentHome::close);
    }
}
