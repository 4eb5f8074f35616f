package io.landbridge.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The agent in a process of its own, so that it can be killed. Dies with {@link #close}. */
public final class AgentProcess implements AutoCloseable {

    private final Process process;
    private final Path output;

    private AgentProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * Starts it with the JVM and classes of this build.
     *
     * @param output what it prints is appended here
     * @param environment on top of this process's own
     */
    public static AgentProcess start(
            Path output, Map<String, String> environment, List<String> arguments) {
        return start(List.of(), output, environment, arguments);
    }

    /**
     * As the shorter form, by a command that ends in executing what follows it.
     *
     * @param by for example {@code env --chdir=/}
     */
    static AgentProcess start(
            List<String> by, Path output, Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>(by);
        command.addAll(java());
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(output.toFile()));
        return start(builder, output, environment);
    }

    private static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "-Dchronicle.analytics.disable=true",
                "-Xmx512m",
                "-XX:OnOutOfMemoryError=kill -KILL %p",
                "-cp",
                classPath(),
                "io.landbridge.cli.Main");
    }

    /** Starts it as a user would, with {@code launcher}, printing to where this process prints. */
    public static AgentProcess launch(
            Path launcher, Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(launcher.toString());
        command.addAll(arguments);
        return start(new ProcessBuilder(command).inheritIO(), null, environment);
    }

    private static AgentProcess start(
            ProcessBuilder builder, Path output, Map<String, String> environment) {
        builder.environment().putAll(environment);
        try {
            AgentProcess agent = new AgentProcess(builder.start(), output);
            // An agent that outlived the tests would go on migrating between ports of others.
            Runtime.getRuntime().addShutdownHook(new Thread(agent.process::destroyForcibly));
            return agent;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Agent's classes and libraries, not those of the tests: what a user runs. A module that is
     * tested with the agent names its classes in {@code landbridge.test.modules}.
     */
    private static String classPath() {
        try {
            Path classes =
                    Path.of(
                            io.landbridge.change.TableId.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .getPath());
            Path libraries = classes.resolveSibling("runtime.classpath");
            String modules = System.getProperty("landbridge.test.modules", "");
            return modules + ":" + classes + ":" + Files.readString(libraries).trim();
        } catch (IOException e) {
            throw new UncheckedIOException("run mvn process-resources", e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL: no time for a last word. Returns when it is gone. */
    public void kill() {
        process.destroyForcibly();
        await(Duration.ofSeconds(30));
    }

    /** SIGTERM: an orderly stop. Returns its exit status. */
    public int stop(Duration deadline) {
        process.destroy();
        return await(deadline);
    }

    /** Waits for its end; returns its exit status. */
    public int await(Duration deadline) {
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the agent still runs after " + deadline + lastWords());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the agent", e);
        }
    }

    /** An orderly end if it comes within 10 s, else a hard one; nothing is thrown. */
    public void end() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** The end of what it printed, without where in the code, for a failed assertion. */
    public String lastWords() {
        if (output == null) {
            return "";
        }
        try {
            List<String> lines =
                    Files.readAllLines(output).stream()
                            .filter(line -> !line.startsWith("\tat "))
                            .toList();
            return "; its last words:\n"
                    + String.join(
                            "\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
