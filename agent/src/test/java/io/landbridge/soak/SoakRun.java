package io.landbridge.soak;

import io.landbridge.testkit.AgentHome;
import io.landbridge.testkit.AgentProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Agents one after the other at the same migration, and what they took of time and memory. */
final class SoakRun implements AutoCloseable {

    /** What the agent's configuration must hold for {@link StepTimes}. */
    static final String LOG = "logging:\n  format: json\n";

    private final AgentHome home;
    private final List<String> lines = new ArrayList<>();
    private AgentProcess agent;
    private AgentMeter meter;
    private String name = "";
    private Path heapLog;
    private long began;

    SoakRun(AgentHome home) {
        this.home = home;
    }

    /** Starts {@code landbridge migrate OPTIONS}. */
    void start(String... options) {
        began = System.nanoTime();
        name = String.join(" ", options);
        heapLog = home.directory().resolve("gc-" + lines.size() + ".log");
        home.with("JAVA_TOOL_OPTIONS", "-Xlog:gc:file=" + heapLog);
        agent = home.start("migrate", options);
        meter = AgentMeter.of(agent);
    }

    /** Waits for the agent's own end. */
    void await(Duration deadline) {
        ended(agent.await(deadline));
    }

    /** Ends it with SIGTERM. */
    void stop() {
        ended(agent.stop(Duration.ofMinutes(1)));
    }

    /** {@link #start}, then {@link #await}. */
    void migrate(Duration deadline, String... options) {
        start(options);
        await(deadline);
    }

    /** Fails with the agent's last words when it is not running any more. */
    void assertAlive() {
        if (!agent.isAlive()) {
            throw new AssertionError("the agent ended by itself" + agent.lastWords());
        }
    }

    private void ended(int status) {
        if (status != 0) {
            throw new AssertionError("exit status " + status + agent.lastWords());
        }
        meter.close();
        AgentMeter.Heap heap = AgentMeter.heap(heapLog);
        lines.add(
                String.format(
                        Locale.ROOT,
                        "migrate %s: %.1f s; heap %d MiB after a collection at most, %d MiB before"
                                + " one; resident %d MiB",
                        name,
                        (System.nanoTime() - began) / 1e9,
                        heap.afterCollection(),
                        heap.beforeCollection(),
                        meter.residentMib()));
    }

    /** How long each step took so far. */
    Map<String, Duration> steps() {
        return StepTimes.read(home.output());
    }

    /** Time of each step, of all agents together, and what each agent took. */
    void print() {
        steps().forEach(
                        (step, time) ->
                                System.out.printf(
                                        Locale.ROOT,
                                        "  %-16s %8.1f s%n",
                                        step,
                                        time.toMillis() / 1e3));
        lines.forEach(System.out::println);
    }

    @Override
    public void close() {
        if (agent != null) {
            agent.close();
            meter.close();
        }
    }
}
